package io.cloister.api;

import io.cloister.codec.CodecException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.util.Locale;

/** Turns whatever ends a request into a problem document; nothing of an unexpected failure reaches the caller. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final System.Logger LOG = System.getLogger(ProblemMapper.class.getName());

    @Override
    public Response toResponse(Throwable failure) {
        return switch (failure) {
            case ApiException typed -> answer(typed);
            case CodecException malformed ->
                answer(Problem.of(
                        400,
                        "The request cannot be served",
                        "malformed",
                        malformed.reason().name().toLowerCase(Locale.ROOT)));
            case WebApplicationException web -> answer(web);
            case Exception broken when brokenOff(broken) -> answer(ApiException.incomplete());
            default -> {
                LOG.log(System.Logger.Level.ERROR, "a request failed", failure);
                yield answer(Problem.of(500, "The node failed", "internal-error", null));
            }
        };
    }

    /** The caller's connection failed, not the node. */
    static boolean brokenOff(Throwable failure) {
        return failure instanceof IOException
                || (failure instanceof ProcessingException && failure.getCause() instanceof IOException);
    }

    private static Response answer(ApiException typed) {
        Response.ResponseBuilder builder = Response.status(typed.problem().status())
                .type(Problem.MEDIA_TYPE)
                .entity(typed.problem());
        typed.retryAfterSeconds().ifPresent(seconds -> builder.header("Retry-After", seconds));
        return builder.build();
    }

    private static Response answer(WebApplicationException web) {
        if (web.getCause() instanceof ApiException typed) {
            return answer(typed);
        }
        return answer(Problem.ofStatus(web.getResponse().getStatus()));
    }

    private static Response answer(Problem problem) {
        return Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem)
                .build();
    }
}
