package io.cloister.consensus.process;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Counters at one moment: requests answered, heights, processor time of replicas, of PostgreSQL and of the clients. */
record Measurement(
        long nanos,
        long heights,
        long replicaMicros,
        long compilerMicros,
        long postgresMicros,
        long clientMicros,
        Load.Answers answers) {
    static Measurement take(Replicas replicas, Load load) throws IOException {
        long replicaMicros = 0;
        long compilerMicros = 0;
        for (int slot = 1; slot <= replicas.nodes(); slot++) {
            replicaMicros += ProcessTime.micros(replicas.pid(slot));
            compilerMicros += ProcessTime.compilerMicros(replicas.pid(slot));
        }
        return new Measurement(
                System.nanoTime(),
                load.lastHeight(),
                replicaMicros,
                compilerMicros,
                ProcessTime.microsOfTree(replicas.postgresPid()),
                ProcessTime.micros(ProcessHandle.current().pid()),
                load.drain());
    }

    /** What part of the replicas' time since another moment their compilers took. */
    double compiling(Measurement before) {
        return (compilerMicros - before.compilerMicros) / Math.max(1.0, replicaMicros - before.replicaMicros);
    }

    /** Writes what happened since another moment; the latencies are those of this one's answers. */
    void since(Measurement before, ObjectNode node) {
        List<Long> sorted = new ArrayList<>(answers.latencyNanos());
        sorted.sort(Long::compare);
        long count = Math.max(1, sorted.size());
        node.put("requests_per_second", round(count * 1e9 / (nanos - before.nanos)));
        node.put("replica_cpu_us_per_request", round((double) (replicaMicros - before.replicaMicros) / count));
        node.put("compiler_cpu_us_per_request", round((double) (compilerMicros - before.compilerMicros) / count));
        node.put("postgres_cpu_us_per_request", round((double) (postgresMicros - before.postgresMicros) / count));
        node.put("client_cpu_us_per_request", round((double) (clientMicros - before.clientMicros) / count));
        node.put("p50_ms", millis(sorted, 0.50));
        node.put("p99_ms", millis(sorted, 0.99));
        node.put("requests_per_block", round((double) count / Math.max(1, heights - before.heights)));
        node.put("failed", answers.failed());
    }

    private static double millis(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : round(sorted.get((int) (share * (sorted.size() - 1))) / 1e6);
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
