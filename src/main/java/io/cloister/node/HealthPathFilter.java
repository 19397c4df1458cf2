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
import java.util.Optional;
import java.util.Set;

/** Refuses paths below health that name no kind of it: the server would answer them all. */
@WebFilter(urlPatterns = "/health/*", asyncSupported = true)
public class HealthPathFilter implements Filter {
    private static final Set<String> KINDS = Set.of("", "/", "/live", "/ready", "/started");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        if (KINDS.contains(Optional.ofNullable(asked.getPathInfo()).orElse(""))) {
            chain.doFilter(request, response);
        } else {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }
}
