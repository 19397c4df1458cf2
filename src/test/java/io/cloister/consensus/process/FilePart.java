package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.PeersPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** Stands in for the peers who keep a node's part: a file that outlives its process. */
record FilePart(Path file) implements PeersPart {
    @Override
    public Optional<SecretBytes> fetch(Predicate<SecretBytes> fits) {
        try {
            return Files.exists(file)
                    ? Optional.of(SecretBytes.taking(
                                    Bytes.hex(Files.readString(file)).toArray()))
                            .filter(fits)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void deposit(SecretBytes part) {
        try {
            Files.writeString(file, part.use(bytes -> Bytes.of(bytes).toHex()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
