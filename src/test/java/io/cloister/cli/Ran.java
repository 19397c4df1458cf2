package io.cloister.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a command left behind.
 *
 * @param said what it printed, errors too
 */
record Ran(int code, String said) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Ran release(Object... words) {
        return run(ReleaseCommand::new, words);
    }

    static Ran attest(Object... words) {
        return run(AttestCommand::new, words);
    }

    static Ran journal(Object... words) {
        return run(JournalCommand::new, words);
    }

    private static Ran run(Function<PrintStream, Command> command, Object... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> arguments = new ArrayList<>();
        for (Object word : words) {
            arguments.add(word.toString());
        }
        int code = Main.run(command.apply(to), arguments, to);
        return new Ran(code, said.toString(StandardCharsets.UTF_8));
    }

    Ran endsWith(int expected) {
        assertThat(code).as(said).isEqualTo(expected);
        return this;
    }

    JsonNode json() {
        try {
            return JSON.readTree(said);
        } catch (IOException e) {
            throw new UncheckedIOException(said, e);
        }
    }

    /** Names of the checks with this result. */
    List<String> checks(String result) {
        List<String> names = new ArrayList<>();
        for (JsonNode check : json().path("checks")) {
            if (check.path("result").asText().equals(result)) {
                names.add(check.path("name").asText());
            }
        }
        return names;
    }
}
