package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Certificates in a folder that an operator fills, handed out as they are. Names are those of a {@link
 * CollateralStore}: {@code <Line>/ark.der}, {@code <Line>/ask.der} and {@code <Line>/<chip id>/<TCB>.der}, where the
 * TCB is its components in decimal, two digits at least, with dashes between: {@code [fmc-]bl-tee-snp-ucode}.
 */
public final class CollateralFolder implements CollateralSource {
    private final StoreFiles files;

    public CollateralFolder(Path folder) {
        this.files = new StoreFiles(folder, CollateralStore.DEFAULT_LEAVES);
    }

    /**
     * The three certificates of a chip, empty unless all are there.
     *
     * @throws UncheckedIOException when a file is there but cannot be read
     */
    @Override
    public Optional<Collateral> find(ChipKey key) {
        return read(new StoreEntry.Leaf(key))
                .flatMap(leaf -> read(new StoreEntry.Intermediate(key.line(), SigningKeyKind.VCEK))
                        .flatMap(intermediate -> read(new StoreEntry.Root(key.line()))
                                .map(root -> new Collateral(leaf, intermediate, root))));
    }

    /** The list in the folder, whatever it is. */
    @Override
    public Optional<Bytes> revocations(ProductLine line, SigningKeyKind kind) {
        return read(new StoreEntry.Revocations(line, kind));
    }

    /** Keeps the certificates of a chip; each file appears whole or not at all. */
    public void store(ChipKey key, Collateral collateral) throws IOException {
        files.write(new StoreEntry.Root(key.line()), collateral.root());
        files.write(new StoreEntry.Intermediate(key.line(), SigningKeyKind.VCEK), collateral.intermediate());
        files.write(new StoreEntry.Leaf(key), collateral.vek());
    }

    private Optional<Bytes> read(StoreEntry entry) {
        try {
            return files.read(entry);
        } catch (MissException tooLong) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + entry.path(), e);
        }
    }
}
