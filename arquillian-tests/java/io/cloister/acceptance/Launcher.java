package io.cloister.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ./cloister}, run as a user runs it. */
final class Launcher {
    private final Path home;

    Launcher(Path home) {
        this.home = home;
    }

    /** What a command has printed and how it ended. */
    record Answer(int exitCode, String output) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(output);
        }

        /** Names of the checks of a verdict with this result. */
        List<String> checks(String result) throws IOException {
            List<String> names = new ArrayList<>();
            for (JsonNode check : json().get("checks")) {
                if (check.get("result").asText().equals(result)) {
                    names.add(check.get("name").asText());
                }
            }
            return names;
        }
    }

    Answer run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("cloister").toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLOISTER_BUILD", "skip");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), output);
    }
}
