package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Certificates in a folder: {@code <Line>/ark.der}, {@code <Line>/ask.der} and {@code <Line>/<chip id>/<TCB>.der},
 * where the TCB is its components in decimal, two digits at least, behind dashes: {@code [fmc-]bl-tee-snp-ucode}.
 */
public final class CollateralFolder implements CollateralSource {
    private static final String ROOT = "ark.der";
    private static final String INTERMEDIATE = "ask.der";

    private final Path folder;

    public CollateralFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The three certificates of a chip, empty unless all are there.
     *
     * @throws UncheckedIOException when a file is there but cannot be read
     */
    @Override
    public Optional<Collateral> find(ChipKey key) {
        Path line = folder.resolve(key.line().title());
        return read(chipFolder(key).resolve(leafName(key.tcb())))
                .flatMap(leaf -> read(line.resolve(INTERMEDIATE))
                        .flatMap(intermediate ->
                                read(line.resolve(ROOT)).map(root -> new Collateral(leaf, intermediate, root))));
    }

    /** Keeps the certificates of a chip; each file appears whole or not at all. */
    public void store(ChipKey key, Collateral collateral) throws IOException {
        Path line = folder.resolve(key.line().title());
        write(line, ROOT, collateral.root());
        write(line, INTERMEDIATE, collateral.intermediate());
        write(chipFolder(key), leafName(key.tcb()), collateral.vek());
    }

    private Path chipFolder(ChipKey key) {
        return folder.resolve(key.line().title()).resolve(key.chipId().toHex());
    }

    private static String leafName(Tcb tcb) {
        String version = "%02d-%02d-%02d-%02d.der".formatted(tcb.bootLoader(), tcb.tee(), tcb.snp(), tcb.microcode());
        return tcb.layout().hasFmc() ? "%02d-%s".formatted(tcb.fmc(), version) : version;
    }

    private static Optional<Bytes> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > SnpCertificate.MAX_SIZE) {
                return Optional.empty();
            }
            return Optional.of(Bytes.wrap(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void write(Path directory, String name, Bytes content) throws IOException {
        Files.createDirectories(directory);
        Path partial = Files.createTempFile(directory, name, ".partial");
        Files.write(partial, content.toArray());
        Files.move(
                partial, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
