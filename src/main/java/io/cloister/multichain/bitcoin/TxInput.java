package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import java.util.List;

/**
 * An input of a transaction.
 *
 * @param sequence u32, see BIP-68
 * @param witness stack items, empty without segregated witness
 */
public record TxInput(OutPoint outPoint, Bytes scriptSig, long sequence, List<Bytes> witness) {
    /** Replaceable (BIP-125), no relative lock (BIP-68). */
    public static final long REPLACEABLE = 0xffff_fffdL;

    public TxInput {
        witness = List.copyOf(witness);
    }

    TxInput(OutPoint outPoint, long sequence) {
        this(outPoint, Bytes.EMPTY, sequence, List.of());
    }

    TxInput withWitness(List<Bytes> stack) {
        return new TxInput(outPoint, scriptSig, sequence, stack);
    }
}
