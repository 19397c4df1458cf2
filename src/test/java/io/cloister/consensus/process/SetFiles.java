package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.consensus.Header;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Validator sets by hash in a folder that all replicas write to, so that clients find who decided what. Thread-safe. */
final class SetFiles {
    private final Path folder;
    private final ValidatorSet genesis;
    private final Map<Bytes, ValidatorSet> known = new ConcurrentHashMap<>();

    SetFiles(Path folder, ValidatorSet genesis) {
        this.folder = folder;
        this.genesis = genesis;
        known.put(genesis.hash(), genesis);
    }

    void add(ValidatorSet set) {
        if (known.putIfAbsent(set.hash(), set) != null) {
            return;
        }
        try {
            Path written = Files.createTempFile(Files.createDirectories(folder), "set", ".new");
            Files.writeString(written, set.encode().toHex());
            Files.move(written, file(set.hash()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException when nobody wrote it, or it has other members than the genesis */
    ValidatorSet of(Header header) {
        return known.computeIfAbsent(header.validatorsHash(), this::read);
    }

    private ValidatorSet read(Bytes hash) {
        try {
            ValidatorSet set = ValidatorSet.decode(new Reader(Bytes.hex(Files.readString(file(hash)))));
            if (!set.hash().equals(hash) || !nodeIds(set).equals(nodeIds(genesis))) {
                throw new IllegalStateException("another set under " + hash);
            }
            return set;
        } catch (IOException e) {
            throw new IllegalStateException("an unknown set " + hash, e);
        }
    }

    private static List<Bytes> nodeIds(ValidatorSet set) {
        return set.validators().stream().map(Validator::nodeId).toList();
    }

    private Path file(Bytes hash) {
        return folder.resolve(hash.toHex());
    }
}
