package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Comparator;

/**
 * One output of one transaction. Ordered by wire-order txid, then index.
 *
 * @param txid 32 bytes in wire order, the reverse of what explorers show
 * @param index position of the output, u32
 */
public record OutPoint(Bytes txid, long index) implements Comparable<OutPoint> {
    private static final Comparator<OutPoint> ORDER =
            Comparator.comparing(OutPoint::txid).thenComparingLong(OutPoint::index);
    static final OutPoint NULL = new OutPoint(Bytes.zeros(32), 0xffff_ffffL);

    public OutPoint {
        if (txid.length() != 32 || index < 0 || index > 0xffff_ffffL) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an outpoint is 32 bytes and a u32");
        }
    }

    /**
     * Reads {@code <txid as shown>:<index>}.
     *
     * @throws CodecException BAD_TEXT or OUT_OF_RANGE
     */
    public static OutPoint parse(String text) {
        int colon = text.indexOf(':');
        if (colon != 64 || !text.substring(65).matches("[0-9]{1,10}")) {
            throw new CodecException(Reason.BAD_TEXT, "an outpoint reads txid:index");
        }
        return new OutPoint(Bytes.hex(text.substring(0, colon)).reversed(), Long.parseLong(text.substring(65)));
    }

    /** The transaction's id as explorers show it. */
    public String displayTxid() {
        return txid.reversed().toHex();
    }

    public void encode(Writer writer) {
        writer.fixed(txid).u32(index);
    }

    public static OutPoint decode(Reader reader) {
        return new OutPoint(reader.fixed(32), reader.u32());
    }

    @Override
    public int compareTo(OutPoint other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return displayTxid() + ":" + index;
    }
}
