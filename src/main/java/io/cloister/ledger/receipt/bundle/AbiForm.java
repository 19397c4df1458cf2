package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import java.util.List;

/**
 * The encoding of a value of Solidity's types, as its contract ABI has it.
 *
 * @param dynamic whether a tuple or list holds its offset and not itself
 */
record AbiForm(boolean dynamic, Bytes encoding) {
    private static final int WORD = 32;

    /** A uint of any size. */
    static AbiForm number(long value) {
        return word(new Writer().u64(value).toBytes());
    }

    /** A value of at most 32 bytes, from the right. */
    static AbiForm word(Bytes value) {
        return new AbiForm(false, value.padLeft(WORD));
    }

    static AbiForm bytes(Bytes value) {
        int rest = -value.length() & (WORD - 1);
        return new AbiForm(true, Bytes.concat(number(value.length()).encoding, value, Bytes.zeros(rest)));
    }

    static AbiForm tuple(AbiForm... parts) {
        return tuple(List.of(parts));
    }

    static AbiForm list(List<AbiForm> items) {
        return new AbiForm(true, Bytes.concat(number(items.size()).encoding, tuple(items).encoding));
    }

    private static AbiForm tuple(List<AbiForm> parts) {
        int heads = parts.stream()
                .mapToInt(it -> it.dynamic ? WORD : it.encoding.length())
                .sum();
        Writer head = new Writer();
        Writer tail = new Writer();
        long at = heads;
        for (AbiForm part : parts) {
            if (part.dynamic) {
                head.fixed(number(at).encoding);
                tail.fixed(part.encoding);
                at += part.encoding.length();
            } else {
                head.fixed(part.encoding);
            }
        }
        boolean dynamic = parts.stream().anyMatch(AbiForm::dynamic);
        return new AbiForm(dynamic, Bytes.concat(head.toBytes(), tail.toBytes()));
    }
}
