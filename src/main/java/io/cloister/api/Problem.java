package io.cloister.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong (RFC 9457), with a code that does not change.
 *
 * @param errors what is wrong with single members of a request
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String code,
        @Nullable String detail,
        List<FieldError> errors) {
    /** Media type of problems. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** One member of a request that is wrong. */
    public record FieldError(String field, String message) {}

    /** A problem of which only the status is known; its code is the status in words. */
    static Problem ofStatus(int status) {
        String title = Optional.ofNullable(Response.Status.fromStatusCode(status))
                .map(Response.Status::getReasonPhrase)
                .orElse("Error " + status);
        return of(status, title, title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"), null);
    }

    static Problem of(int status, String title, String code, @Nullable String detail) {
        return new Problem("about:blank", title, status, code, detail, List.of());
    }
}
