package io.cloister.api;

import java.util.List;
import java.util.Optional;

/** Ends a request with a problem. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Optional<Integer> retryAfterSeconds;

    private ApiException(Problem problem, Optional<Integer> retryAfterSeconds) {
        super(problem.code(), null, false, false);
        this.problem = problem;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static ApiException badRequest(String code, String detail) {
        return new ApiException(Problem.of(400, "The request cannot be served", code, detail), Optional.empty());
    }

    static ApiException badField(String field, String message) {
        return new ApiException(
                new Problem(
                        "about:blank",
                        "The request cannot be served",
                        400,
                        "invalid-field",
                        field + ": " + message,
                        List.of(new Problem.FieldError(field, message))),
                Optional.empty());
    }

    static ApiException notFound(String code, String detail) {
        return new ApiException(Problem.of(404, "There is no such thing", code, detail), Optional.empty());
    }

    static ApiException conflict(String code, String detail) {
        return new ApiException(Problem.of(409, "The request contradicts another one", code, detail), Optional.empty());
    }

    static ApiException tooLarge(long limit) {
        return new ApiException(
                Problem.of(413, "The body is too long", "body-too-long", "at most " + limit + " bytes are read"),
                Optional.empty());
    }

    static ApiException incomplete() {
        return badRequest("body-incomplete", "the body broke off or did not come in time");
    }

    static ApiException unprocessable(String code, String detail) {
        return new ApiException(Problem.of(422, "The ledger refuses it", code, detail), Optional.empty());
    }

    static ApiException tooMany(int retryAfterSeconds) {
        return new ApiException(
                Problem.of(429, "Too many requests", "too-many-requests", "try again later"),
                Optional.of(retryAfterSeconds));
    }

    static ApiException notReady(String step) {
        return new ApiException(
                Problem.of(503, "The node is not ready", "node-not-ready", "the boot is in step " + step),
                Optional.of(2));
    }

    static ApiException unavailable(String code, String detail) {
        return new ApiException(Problem.of(503, "The node cannot serve this now", code, detail), Optional.of(5));
    }

    Problem problem() {
        return problem;
    }

    Optional<Integer> retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
