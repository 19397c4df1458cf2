package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * An output of a transaction.
 *
 * @param value in the chain's smallest unit
 * @param script the public-key script
 */
public record TxOutput(long value, Bytes script) {
    /** Longest script in the project's own encoding, where outputs pay somebody. */
    private static final int MAX_SCRIPT = 10_000;

    public void encode(Writer writer) {
        writer.u64(value).bytes(script);
    }

    public static TxOutput decode(Reader reader) {
        return new TxOutput(reader.u64(), reader.bytes(MAX_SCRIPT));
    }
}
