package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;

/**
 * The sizes that every part of agreement holds to. All are part of the protocol: a change is a new protocol version.
 */
public final class Limits {
    /** Bytes of one transaction. */
    public static final int TRANSACTION_BYTES = 256 * 1024;

    /** Bytes of all transactions of a block, each with its four bytes of length. */
    public static final int BLOCK_BYTES = 4 * 1024 * 1024;

    public static final int BLOCK_TRANSACTIONS = 32_768;
    public static final int BLOCK_BATCHES = 4_096;
    public static final int VALIDATORS = 256;

    /** Bytes of what an application may add to a precommit. */
    public static final int EXTENSION_BYTES = 1_024;

    /** Bytes of a node's evidence in a statement of recovery. */
    public static final int EVIDENCE_BYTES = 64 * 1024;

    /** Greatest weight of one validator; the sum of all then fits well below 2^63 after multiplication by three. */
    public static final long WEIGHT = 1L << 40;

    /** Greatest round that is read from the wire; no network of living nodes ever comes near it. */
    public static final int ROUND = 1_000_000;

    /** UTF-8 bytes of a chain id. */
    public static final int CHAIN_ID_BYTES = 64;

    public static final int HASH_BYTES = 32;
    public static final int KEY_BYTES = 33;
    public static final int SIGNATURE_BYTES = 65;

    private Limits() {}

    static void require(boolean holds, String message) {
        if (!holds) {
            throw new CodecException(Reason.OUT_OF_RANGE, message);
        }
    }

    static void length(Bytes value, int length, String what) {
        require(value.length() == length, what + " of " + value.length() + " bytes, not " + length);
    }

    static void chainId(String chainId) {
        int length = Bytes.utf8(chainId).length();
        require(length > 0 && length <= CHAIN_ID_BYTES, "a chain id of " + length + " bytes");
    }

    /** A round as it stands on the wire. */
    public static int round(Reader reader) {
        long round = reader.u32();
        require(round <= ROUND, "round " + round);
        return (int) round;
    }
}
