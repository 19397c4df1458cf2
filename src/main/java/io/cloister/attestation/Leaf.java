package io.cloister.attestation;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.List;

/**
 * One thing that a report vouches for.
 *
 * @param purpose what it is for
 * @param fields at most 16 of at most 1,024 bytes, in the order that the purpose fixes
 */
public record Leaf(Purpose purpose, List<Bytes> fields) {
    private static final int MAX_FIELDS = 16;
    private static final int MAX_FIELD = 1024;
    private static final int MIN_NONCE = 16;
    private static final int MAX_NONCE = 64;

    public Leaf {
        fields = List.copyOf(fields);
        if (fields.size() > MAX_FIELDS || fields.stream().anyMatch(field -> field.length() > MAX_FIELD)) {
            throw new CodecException(Reason.TOO_LONG, "a leaf has at most 16 fields of 1,024 bytes");
        }
    }

    /**
     * The leaf for a client that asks over a TLS connection.
     *
     * @param nonce 16 to 64 bytes that the client chose
     * @param spki SHA-256 of the SubjectPublicKeyInfo that the client sees as the server's, 32 bytes
     */
    public static Leaf restNonce(Bytes nonce, Bytes spki) {
        if (nonce.length() < MIN_NONCE || nonce.length() > MAX_NONCE || spki.length() != 32) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a nonce has 16 to 64 bytes, a key digest 32");
        }
        return new Leaf(Purpose.REST_NONCE, List.of(nonce, spki));
    }

    /** What the tree is built over: the purpose's label, then each field behind its u32 length. */
    public Bytes content() {
        Writer writer = new Writer().fixed(Bytes.utf8(purpose.label()));
        fields.forEach(writer::bytes);
        return writer.toBytes();
    }

    /** SHA-256(0x00 || purpose || length-prefixed fields): the RFC 6962 hash of {@link #content}. */
    public Bytes hash() {
        return MerkleTree.leafHash(content());
    }

    public void encode(Writer writer) {
        writer.u8(purpose.code()).list(fields, Writer::bytes);
    }

    public static Leaf decode(Reader reader) {
        return new Leaf(Purpose.ofCode(reader.u8()), reader.list(MAX_FIELDS, r -> r.bytes(MAX_FIELD)));
    }
}
