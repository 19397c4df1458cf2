package io.cloister.ledger.history;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * A change of the validators.
 *
 * @param index its place in the log, from 0
 * @param height from which the set is in force
 * @param epoch in which it is
 * @param validatorsHash names the set
 */
public record SetEntry(long index, long height, long epoch, Bytes validatorsHash) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/validator-history/v1");

    /** The leaf of the log. */
    public Bytes encode() {
        return new Writer()
                .fixed(DOMAIN)
                .u64(index)
                .u64(height)
                .u64(epoch)
                .fixed(validatorsHash)
                .toBytes();
    }

    public static SetEntry decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        if (!in.fixed(DOMAIN.length()).equals(DOMAIN)) {
            throw new CodecException(Reason.UNKNOWN, "no entry of the validators' history");
        }
        SetEntry entry = new SetEntry(in.u64(), in.u64(), in.u64(), in.fixed(32));
        in.end();
        return entry;
    }

    /** In the log's order: by epoch, then by height. */
    public boolean isAfter(long otherEpoch, long otherHeight) {
        return epoch != otherEpoch ? epoch > otherEpoch : height > otherHeight;
    }
}
