package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.consensus.engine.Engine;
import io.cloister.consensus.engine.EngineStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A replica that takes part, and what it does on a word from its standard input.
 *
 * <pre>
 * sequences FILE  writes the last sequence of each key and the counters to a file
 * status          prints the engine's status
 * clock MILLIS    sets how far the clock is off
 * </pre>
 */
record Running(Engine engine, RequestApplication application, AtomicLong clockOffset) {
    void obey(String line) throws IOException {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
            case "sequences" -> write(Path.of(words[1]));
            case "status" -> System.out.println(engine.status());
            case "clock" -> clockOffset.set(Long.parseLong(words[1]));
            default -> System.out.println("what is " + line);
        }
    }

    /** Lines of a name and a number; complete when the file is there. */
    private void write(Path file) throws IOException {
        RequestState state = application.state();
        EngineStatus status = engine.status();
        Map<String, Long> figures = new TreeMap<>();
        state.sequencesByKey().forEach((Bytes key, Long sequence) -> figures.put(key.toHex(), sequence));
        figures.put("count", state.count());
        figures.put("sum", state.sequences());
        figures.put("evidence", (long) engine.evidence().size());
        figures.put("epoch", status.epoch());
        StringBuilder text = new StringBuilder();
        figures.forEach(
                (name, value) -> text.append(name).append(' ').append(value).append('\n'));
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, text);
        Files.move(written, file);
    }
}
