package io.cloister.attestation.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The C library and the simulator: those that the system properties {@code cloister.snp.library} and {@code
 * cloister.snp.simulator} name, else built once a run from {@code sev-snp/} into a temporary folder.
 */
final class NativeTools {
    private static final String SIMULATOR_PROPERTY = "cloister.snp.simulator";

    private NativeTools() {}

    private static final class Built {
        static final Optional<Path> FOLDER = build();
    }

    /** The simulator's program; the test is skipped where it can be neither found nor run. */
    static Path simulator() {
        if (!GuestSimulator.isPossible()) {
            Assumptions.abort("no /dev/fuse or not root: the simulator cannot mount");
        }
        library();
        String named = System.getProperty(SIMULATOR_PROPERTY, "");
        return named.isEmpty() ? builtFile("cloister-snp-sim") : Path.of(named);
    }

    /** Makes sure that the JNI library can be loaded, and answers its file. */
    static Path library() {
        String named = System.getProperty(SevGuestNative.LIBRARY_PROPERTY, "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        Path built = builtFile("libcloistersnp.so");
        System.setProperty(SevGuestNative.LIBRARY_PROPERTY, built.toString());
        return built;
    }

    static Path sources() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("sev-snp/Makefile"))) {
                return at.resolve("sev-snp");
            }
        }
        return Assumptions.abort("the folder sev-snp is not above the working folder");
    }

    private static Path builtFile(String name) {
        return Built.FOLDER
                .map(folder -> folder.resolve(name))
                .orElseGet(() -> Assumptions.abort("no C compiler, libfuse3 or libcrypto: sev-snp cannot be built"));
    }

    private static Optional<Path> build() {
        try {
            Path folder = Files.createTempDirectory("sev-snp");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return make(folder) ? Optional.of(folder) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs make into a folder; false when the tools for it are not installed. */
    static boolean make(Path folder) throws IOException {
        if (Stream.of(
                        "/usr/include/fuse3/fuse_lowlevel.h",
                        "/usr/include/openssl/evp.h",
                        "/usr/bin/make",
                        "/usr/bin/gcc")
                .anyMatch(needed -> !Files.exists(Path.of(needed)))) {
            return false;
        }
        Process process = new ProcessBuilder(
                        "make", "-s", "OUT_DIR=" + folder, "JAVA_HOME=" + System.getProperty("java.home"))
                .directory(sources().toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("make failed: " + output);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
