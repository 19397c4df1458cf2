package io.cloister.api;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The server's own errors as problem documents: paths without a resource, methods and headers it does not take. */
@WebServlet(urlPatterns = "/problem", asyncSupported = true)
public class ProblemPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = status(request);
        response.setStatus(status);
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(JsonProvider.JSON.writeValueAsBytes(Problem.ofStatus(status)));
    }

    /** Whoever asks for this very page asks for nothing that there is. */
    private static int status(HttpServletRequest request) {
        boolean error = request.getDispatcherType() == DispatcherType.ERROR;
        return error && request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
                ? status
                : HttpServletResponse.SC_NOT_FOUND;
    }
}
