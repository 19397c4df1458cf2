package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Optional;

/**
 * ID authentication information (AMD 56860, table "ID authentication information structure"): the ID key's signature
 * over an {@link IdBlock}, and the author key's over the ID key. Immutable.
 *
 * @param author empty when no author key is used
 */
public record IdAuth(SnpSignature blockSignature, SnpPublicKey idKey, Optional<Author> author) {
    /** Bytes of the encoding. */
    public static final int SIZE = 4096;

    private static final int P384_SHA384 = 1;
    private static final int AUTHOR_ALGORITHM = 0x04;
    private static final int RESERVED_1 = 0x08;
    private static final int BLOCK_SIGNATURE = 0x40;
    private static final int ID_KEY = 0x240;
    private static final int RESERVED_2 = 0x644;
    private static final int KEY_SIGNATURE = 0x680;
    private static final int AUTHOR_KEY = 0x880;
    private static final int RESERVED_3 = 0xC84;

    /** The author's part. */
    public record Author(SnpSignature keySignature, SnpPublicKey key) {}

    /** Signs a launch with both keys. */
    public static IdAuth sign(IdBlock block, LaunchKey idKey, LaunchKey authorKey) {
        Author author = new Author(authorKey.sign(idKey.publicKey().encode()), authorKey.publicKey());
        return new IdAuth(idKey.sign(block.encode()), idKey.publicKey(), Optional.of(author));
    }

    /** Signs a launch without an author key. */
    public static IdAuth sign(IdBlock block, LaunchKey idKey) {
        return new IdAuth(idKey.sign(block.encode()), idKey.publicKey(), Optional.empty());
    }

    /**
     * Reads 4,096 bytes; no signature is checked.
     *
     * @throws CodecException UNKNOWN for another algorithm or curve, NOT_CANONICAL for a reserved byte that is set or
     *     the rest of an author where there is none, OUT_OF_RANGE for numbers that no key or signature can have
     */
    public static IdAuth decode(Bytes encoded) {
        if (encoded.length() != SIZE) {
            throw new CodecException(
                    Reason.OUT_OF_RANGE, "ID authentication information of " + encoded.length() + " bytes");
        }
        requireAlgorithm(Little.u32(encoded, 0));
        Little.requireZero(encoded, RESERVED_1, BLOCK_SIGNATURE);
        Little.requireZero(encoded, RESERVED_2, KEY_SIGNATURE);
        Little.requireZero(encoded, RESERVED_3, SIZE);
        return new IdAuth(
                SnpSignature.decode(encoded.slice(BLOCK_SIGNATURE, SnpSignature.SIZE)),
                SnpPublicKey.decode(encoded.slice(ID_KEY, SnpPublicKey.SIZE)),
                author(encoded));
    }

    private static Optional<Author> author(Bytes encoded) {
        if (Little.u32(encoded, AUTHOR_ALGORITHM) == 0) {
            Little.requireZero(encoded, KEY_SIGNATURE, SIZE);
            return Optional.empty();
        }
        requireAlgorithm(Little.u32(encoded, AUTHOR_ALGORITHM));
        return Optional.of(new Author(
                SnpSignature.decode(encoded.slice(KEY_SIGNATURE, SnpSignature.SIZE)),
                SnpPublicKey.decode(encoded.slice(AUTHOR_KEY, SnpPublicKey.SIZE))));
    }

    private static void requireAlgorithm(long code) {
        if (code != P384_SHA384) {
            throw new CodecException(Reason.UNKNOWN, "signature algorithm " + code + " is not known");
        }
    }

    /** The 4,096 bytes that the host hands to the firmware. */
    public Bytes encode() {
        byte[] encoded = new byte[SIZE];
        encoded[0] = P384_SHA384;
        put(blockSignature.encode(), encoded, BLOCK_SIGNATURE);
        put(idKey.encode(), encoded, ID_KEY);
        author.ifPresent(by -> {
            encoded[AUTHOR_ALGORITHM] = P384_SHA384;
            put(by.keySignature().encode(), encoded, KEY_SIGNATURE);
            put(by.key().encode(), encoded, AUTHOR_KEY);
        });
        return Bytes.wrap(encoded);
    }

    private static void put(Bytes part, byte[] target, int at) {
        part.copyTo(0, target, at, part.length());
    }

    /** Whether the ID key signed this block. */
    public boolean signs(IdBlock block) {
        return blockSignature.verifies(idKey, block.encode());
    }

    /** Whether there is an author key and it signed the ID key. */
    public boolean authorSigns() {
        return author.map(by -> by.keySignature().verifies(by.key(), idKey.encode()))
                .orElse(false);
    }
}
