package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who may sign releases, and how many of them must. A verifier pins this; nothing in a release changes it.
 *
 * @param threshold 1 to the number of keys
 * @param keys 1 to 32 of them
 */
public record Maintainers(int threshold, SortedSet<MaintainerKey> keys) {
    /** Most bytes of the document. */
    public static final int MAX_SIZE = 8 << 10;

    static final int MAX_KEYS = 32;
    private static final String FORMAT = "cloister/maintainers/v1";
    private static final String WHAT = "list of maintainers";

    record Document(String format, int threshold, List<String> keys) {}

    public Maintainers {
        keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
        Documents.requireCount(keys.size(), MAX_KEYS, "maintainers");
        if (threshold < 1 || threshold > keys.size()) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE, "a threshold of " + threshold + " of " + keys.size() + " maintainers");
        }
    }

    /**
     * Reads {@code {"format","threshold","keys":[raw public keys in hexadecimal]}}.
     *
     * @throws CodecException NOT_CANONICAL when a key stands twice, else what is wrong with a value
     */
    public static Maintainers decode(Bytes json) {
        Document document = Documents.read(json, MAX_SIZE, Document.class, WHAT);
        Documents.requireFormat(document.format(), FORMAT);
        Documents.requireCount(document.keys().size(), MAX_KEYS, "maintainers");
        return new Maintainers(
                document.threshold(),
                Documents.set(
                        document.keys(),
                        key -> new MaintainerKey(Documents.digest(key, MaintainerKey.SIZE, "maintainer's key"))));
    }

    /** The document, written as RFC 8785 says. */
    public Bytes encode() {
        List<Bytes> raw = keys.stream().map(MaintainerKey::raw).toList();
        return Documents.canonical(new Document(FORMAT, threshold, Documents.hex(raw)));
    }

    /** The key with this id. */
    public Optional<MaintainerKey> byId(Bytes id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
