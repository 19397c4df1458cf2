package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.SignatureCheck;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.util.Optional;

/**
 * A boot asks for its slot's seat: u8 0 · u16 slot · 33 vote key · u64 boot counter · u64 attempt · 65 signature of the
 * slot key over SHA-256 of the domain and all before it. No {@link Request} begins with a zero.
 *
 * @param attempt makes another transaction of the same wish
 */
record ReKey(int slot, Bytes voteKey, long counter, long attempt, Bytes signature) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/process/re-key/v1");
    private static final int SIGNATURE = 65;

    static Bytes sign(SigningKey slotKey, int slot, Bytes voteKey, long counter, long attempt) {
        Bytes unsigned = unsigned(slot, voteKey, counter, attempt);
        return Bytes.concat(
                unsigned, slotKey.sign(Hashes.sha256(DOMAIN, unsigned)).recoverable());
    }

    private static Bytes unsigned(int slot, Bytes voteKey, long counter, long attempt) {
        return new Writer()
                .u8(0)
                .u16(slot)
                .fixed(voteKey)
                .u64(counter)
                .u64(attempt)
                .toBytes();
    }

    /** Empty when the bytes are none. */
    static Optional<ReKey> of(Bytes transaction) {
        if (transaction.at(0) != 0) {
            return Optional.empty();
        }
        try {
            Reader reader = new Reader(transaction.slice(1, transaction.length() - 1));
            ReKey read = new ReKey(reader.u16(), reader.fixed(33), reader.u64(), reader.u64(), reader.fixed(SIGNATURE));
            reader.end();
            return Optional.of(read);
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    boolean isGenuine(Bytes nodeId) {
        Bytes digest = Hashes.sha256(DOMAIN, unsigned(slot, voteKey, counter, attempt));
        return SignatureCheck.SECP256K1.genuine(nodeId, digest, signature);
    }
}
