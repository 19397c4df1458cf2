package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
    private static final String REPORT = "{\"chain\": \"a\", \"transaction\": \"\u00e4\"}";

    @Test
    void readsUtf8() {
        assertThat(read(REPORT.getBytes(StandardCharsets.UTF_8))).isEqualTo(new BurnReport("a", "\u00e4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "ISO-8859-1"})
    void refusesEveryOtherEncoding(String name) {
        assertMalformed(REPORT.getBytes(Charset.forName(name)));
    }

    @Test
    void refusesAByteOrderMark() {
        assertMalformed(("\ufeff" + REPORT).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesALetterInMoreBytesThanItNeeds() {
        byte[] overlong = REPORT.replace("\u00e4", "??").getBytes(StandardCharsets.UTF_8);
        int at = REPORT.indexOf('\u00e4');
        overlong[at] = (byte) 0xc1;
        overlong[at + 1] = (byte) 0x81;

        assertMalformed(overlong);
    }

    @Test
    void refusesAMissingBody() {
        assertThatThrownBy(() -> Input.body(null)).satisfies(e -> assertProblem(e, 400, "malformed-json"));
        assertThatThrownBy(() -> new TransferResource().reportBurn("key", null))
                .satisfies(e -> assertProblem(e, 400, "malformed-json"));
        assertThatThrownBy(() -> new AttestationResource().verify(null, null, null))
                .satisfies(e -> assertProblem(e, 400, "malformed-json"));
    }

    @Test
    void answersABodyThatBreaksOffAsTheCallersFault() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new EOFException("gone");
            }
        };

        assertThatThrownBy(() -> Input.all(broken, 10)).satisfies(e -> assertProblem(e, 400, "body-incomplete"));
        assertThat(ProblemMapper.brokenOff(new EOFException("gone"))).isTrue();
        assertThat(ProblemMapper.brokenOff(new ProcessingException("x", new IOException("gone"))))
                .isTrue();
        assertThat(ProblemMapper.brokenOff(new ProcessingException("ours"))).isFalse();
    }

    @Test
    void refusesALongerBody() {
        InputStream long11 = new ByteArrayInputStream(new byte[11]);

        assertThatThrownBy(() -> Input.all(long11, 10)).satisfies(e -> assertProblem(e, 413, "body-too-long"));
    }

    private static void assertMalformed(byte[] body) {
        assertThatThrownBy(() -> read(body)).satisfies(e -> assertProblem(e, 400, "malformed-json"));
    }

    @SuppressWarnings("unchecked")
    private static Object read(byte[] body) {
        return new JsonProvider()
                .readFrom(
                        (Class<Object>) (Class<?>) BurnReport.class,
                        BurnReport.class,
                        new Annotation[0],
                        MediaType.APPLICATION_JSON_TYPE,
                        new MultivaluedHashMap<>(),
                        new ByteArrayInputStream(body));
    }
}
