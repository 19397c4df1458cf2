package io.cloister.node;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrowserHeadersFilterTest {
    private final Map<String, String> headers = new HashMap<>();
    private int passedOn;

    @Test
    void noAnswerIsFramedOrOfAGuessedType() throws Exception {
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (self, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("setHeader");
                    headers.put((String) arguments[0], (String) arguments[1]);
                    return null;
                });
        ServletRequest request = null;
        new BrowserHeadersFilter().doFilter(request, response, (sent, answer) -> passedOn++);
        assertThat(headers)
                .containsEntry("Content-Security-Policy", "frame-ancestors 'none'")
                .containsEntry("X-Content-Type-Options", "nosniff");
        assertThat(passedOn).isOne();
    }
}
