package io.cloister.consensus.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * {@code ./cloister sim mutants [--seconds S] [--only N]}: puts one protocol bug after the other into the sources of
 * consensus, compiles them apart, and lets a {@link MutantProbe} look for it. Prints who found which, and exits 1 when
 * one was not found.
 */
public final class MutantCommand {
    private static final int SECONDS = 120;

    private final Path home = Path.of(System.getProperty("cloister.home", "."));
    private final Path work;
    private final int seconds;

    private MutantCommand(Path work, int seconds) {
        this.work = work;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = SECONDS;
        int only = 0;
        try {
            for (int i = 0; i < arguments.length; i += 2) {
                int value = Integer.parseInt(arguments[i + 1]);
                switch (arguments[i]) {
                    case "--seconds" -> seconds = value;
                    case "--only" -> only = value;
                    default -> throw new IllegalArgumentException("cannot take " + arguments[i]);
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            System.err.println("usage: ./cloister sim mutants [--seconds S] [--only NUMBER]");
            System.exit(2);
        }
        Path work = Files.createTempDirectory("cloister-mutants");
        try {
            System.exit(new MutantCommand(work, seconds).run(only));
        } finally {
            delete(work);
        }
    }

    private int run(int only) throws IOException, InterruptedException {
        int survivors = 0;
        int tried = 0;
        System.out.printf("%3s  %-62s %7s  %s%n", "", "mutant", "seconds", "found by");
        List<SimMutant> all = SimMutants.ALL;
        for (int i = 0; i < all.size(); i++) {
            if (only != 0 && only != i + 1) {
                continue;
            }
            tried++;
            long start = System.nanoTime();
            String found = probe(all.get(i), work.resolve(Integer.toString(i)));
            survivors += found.isEmpty() ? 1 : 0;
            System.out.printf(
                    "%3d  %-62s %7.1f  %s%n",
                    i + 1,
                    all.get(i).name(),
                    (System.nanoTime() - start) / 1e9,
                    found.isEmpty() ? "NOBODY" : found.replace('\t', ':'));
        }
        System.out.println(tried - survivors + " of " + tried + " mutants found");
        return survivors == 0 ? 0 : 1;
    }

    /** @return who found it, empty for nobody */
    private String probe(SimMutant mutant, Path folder) throws IOException, InterruptedException {
        List<Path> sources = mutant.write(home, folder.resolve("src"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(mutant, sources, classes);
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx1g",
                        "-cp",
                        classes + ":" + System.getProperty("java.class.path"),
                        MutantProbe.class.getName(),
                        Integer.toString(seconds))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(2L * seconds + 30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return "the clock: it hangs";
        }
        String said = Files.readString(output, StandardCharsets.UTF_8).strip();
        return process.exitValue() == 0
                ? ""
                : said.lines().reduce((first, last) -> last).orElse("a crash");
    }

    private static void compile(SimMutant mutant, List<Path> sources, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments = new ArrayList<>(List.of(
                "-nowarn", "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        sources.forEach(source -> arguments.add(source.toString()));
        if (compiler.run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("mutant \"" + mutant.name() + "\" does not compile");
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
