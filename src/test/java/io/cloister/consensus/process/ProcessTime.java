package io.cloister.consensus.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Processor time, user's and system's, as {@code /proc} counts it. */
final class ProcessTime {
    /** USER_HZ, the same on all Linux machines. */
    private static final long TICK_MICROS = 10_000;

    private static final Pattern COMPILER = Pattern.compile("C[12] Compiler");
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    private ProcessTime() {}

    static long micros(long pid) throws IOException {
        return sum(pid, USER, SYSTEM);
    }

    /** With all children, those that have ended included. */
    static long microsOfTree(long pid) throws IOException {
        long sum = sum(pid, USER, SYSTEM, SYSTEM + 1, SYSTEM + 2);
        for (ProcessHandle child : ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .toList()) {
            sum += sum(child.pid(), USER, SYSTEM);
        }
        return sum;
    }

    /** Of the threads with which the virtual machine compiles. */
    static long compilerMicros(long pid) throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                if (COMPILER.matcher(Files.readString(thread.resolve("comm"))).lookingAt()) {
                    sum += sum(thread.resolve("stat"), USER, SYSTEM);
                }
            }
        } catch (NoSuchFileException ended) {
            return sum; // a thread that ended meanwhile
        }
        return sum;
    }

    private static long sum(long pid, int... fields) throws IOException {
        return sum(Path.of("/proc/" + pid + "/stat"), fields);
    }

    private static long sum(Path file, int... fields) throws IOException {
        try {
            String stat = Files.readString(file);
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int field : fields) {
                ticks += Long.parseLong(words[field]);
            }
            return ticks * TICK_MICROS;
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
