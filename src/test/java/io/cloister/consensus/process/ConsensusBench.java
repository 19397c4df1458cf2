package io.cloister.consensus.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests a second through four replica processes on loopback, and what processor time they take. Arguments:
 * {@code --json} one line instead of a table, {@code --seconds N} for each measurement, {@code --warmup N}, {@code
 * --clients N} and {@code --payload N} for one
 * workload instead of the usual ones, {@code --pace N} milliseconds between blocks, {@code --jvm OPTION} for the replicas ({@code %slot} becomes the number of the replica).
 */
public final class ConsensusBench {
    private static final int NODES = 4;
    private static final long SLICE_MILLIS = 5_000;
    private static final int SLICES = 12;
    private static final double COMPILED = 0.05;

    private record Workload(int payloadBytes, int clients) {}

    private static final List<Workload> WORKLOADS =
            List.of(new Workload(0, 160), new Workload(1024, 160), new Workload(0, 1));

    private ConsensusBench() {}

    /** Prints the figures. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> words = List.of(arguments);
        int seconds = number(words, "--seconds", 20);
        int warmup = number(words, "--warmup", 30);
        Path folder = Files.createTempDirectory("cloister-bench");
        ObjectNode figures;
        try (Replicas replicas = Replicas.prepare(folder, NODES)) {
            replicas.setAll("pace.min", String.valueOf(number(words, "--pace", 0)));
            for (int i = 0; i + 1 < words.size(); i++) {
                if (words.get(i).equals("--jvm")) {
                    replicas.option(words.get(i + 1));
                }
            }
            replicas.startAll();
            figures = measure(replicas, workloads(words), warmup, seconds);
            if (words.contains("--keep")) {
                for (int slot = 1; slot <= NODES; slot++) {
                    replicas.stop(slot);
                }
            }
        } finally {
            if (!words.contains("--keep")) {
                delete(folder);
            }
        }
        System.out.println(words.contains("--json") ? figures.toString() : table(figures));
    }

    private static int number(List<String> words, String name, int otherwise) {
        int at = words.indexOf(name);
        return at < 0 ? otherwise : Integer.parseInt(words.get(at + 1));
    }

    /** The usual ones, or the one that is asked for. */
    private static List<Workload> workloads(List<String> words) {
        return words.contains("--clients")
                ? List.of(new Workload(number(words, "--payload", 0), number(words, "--clients", 160)))
                : WORKLOADS;
    }

    private static ObjectNode measure(Replicas replicas, List<Workload> workloads, int warmup, int seconds)
            throws IOException, InterruptedException {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        ArrayNode results = figures.putArray("workloads");
        for (Workload workload : workloads) {
            try (Load load = new Load(replicas, workload.clients(), workload.payloadBytes())) {
                load.start();
                warm(replicas, load, warmup);
                Measurement before = Measurement.take(replicas, load);
                Thread.sleep(seconds * 1000L);
                Measurement after = Measurement.take(replicas, load);
                ObjectNode node = results.addObject();
                node.put("payload_bytes", workload.payloadBytes());
                node.put("clients", workload.clients());
                after.since(before, node);
                System.err.println(node);
            }
        }
        return figures;
    }

    /** As long as asked, and on until the replicas' compilers have little left to do, at most another minute. */
    private static void warm(Replicas replicas, Load load, int seconds) throws IOException, InterruptedException {
        Thread.sleep(seconds * 1000L);
        for (int slice = 0; slice < SLICES; slice++) {
            Measurement before = Measurement.take(replicas, load);
            Thread.sleep(SLICE_MILLIS);
            if (Measurement.take(replicas, load).compiling(before) < COMPILED) {
                return;
            }
        }
    }

    private static String table(ObjectNode figures) {
        List<String> lines = new ArrayList<>();
        figures.get("workloads").forEach(workload -> {
            lines.add("");
            workload.properties()
                    .forEach(entry -> lines.add(String.format(
                            "%-36s %12s", entry.getKey(), entry.getValue().asText())));
        });
        return String.join(System.lineSeparator(), lines);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
