package io.cloister.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.client.ApiException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpTimeoutException;
import java.util.Optional;

/** Where a node is, as a user writes it, and what it means when no node answers there as one does. */
final class NodeAddress {
    private static final int UNUSABLE = 2;
    private static final int MAX_PORT = 65_535;
    private static final ObjectMapper JSON = new ObjectMapper();

    private NodeAddress() {}

    /**
     * An https address without query; a slash at its end means nothing.
     *
     * @throws CommandFailed with code 2 when it is no such address
     */
    static URI parse(String text) {
        try {
            URI uri = new URI(text.replaceAll("/+$", ""));
            boolean usable = "https".equalsIgnoreCase(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getPort() != 0
                    && uri.getPort() <= MAX_PORT
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            if (usable) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // The answer below says what is wanted.
        }
        throw new CommandFailed(
                UNUSABLE, "'" + text + "' is not the https address of a node, such as https://127.0.0.1:8443");
    }

    /** One line for a user: a node's own problem in its words, and what is no node's answer as what it is. */
    static CommandFailed noAnswer(URI node, ApiException failure) {
        return new CommandFailed(1, node + " " + why(node, failure), failure);
    }

    private static String why(URI node, ApiException failure) {
        if (failure.getCode() == 0) {
            return "does not answer: " + cause(failure);
        }
        Optional<String> problem = problem(failure.getResponseBody());
        if (problem.isPresent()) {
            return "answers: " + problem.get();
        }
        boolean path = !Optional.ofNullable(node.getRawPath()).orElse("").isEmpty();
        return path
                ? "is wrong: no Cloister node answers there (status " + failure.getCode() + ")"
                : "is not ready yet, or no Cloister node answers there (status " + failure.getCode() + ")";
    }

    /** Title and detail of a problem document. */
    private static Optional<String> problem(String body) {
        try {
            JsonNode document = JSON.readTree(Optional.ofNullable(body).orElse(""));
            if (document.hasNonNull("code") && document.hasNonNull("title")) {
                String title = document.get("title").asText();
                return Optional.of(
                        document.hasNonNull("detail")
                                ? title + ", " + document.get("detail").asText()
                                : title);
            }
        } catch (JsonProcessingException e) {
            // Not a problem document, so not a node's answer.
        }
        return Optional.empty();
    }

    private static String cause(ApiException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return switch (cause) {
            case ConnectException refused -> "no connection";
            case HttpTimeoutException late -> "not in time";
            default -> Optional.ofNullable(cause.getMessage()).orElse("no connection");
        };
    }
}
