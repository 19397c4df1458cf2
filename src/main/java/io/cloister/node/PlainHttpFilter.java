package io.cloister.node;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/** Refuses every request that came without TLS, but for health and metrics. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class PlainHttpFilter implements Filter {
    private static final Set<String> OPEN = Set.of("/health", "/metrics");
    private static final String PROBLEM = """
            {"type":"about:blank","title":"TLS required","status":403,"code":"tls-required",\
            "detail":"This listener serves health and metrics only."}""";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        // The path of the servlet that the server has chosen, so no spelling of a path slips through.
        if (request.isSecure() || OPEN.contains(((HttpServletRequest) request).getServletPath())) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.setStatus(HttpServletResponse.SC_FORBIDDEN);
        answer.setContentType("application/problem+json");
        answer.getWriter().write(PROBLEM);
    }
}
