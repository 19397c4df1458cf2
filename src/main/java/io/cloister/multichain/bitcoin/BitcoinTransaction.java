package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction of the Bitcoin family in its wire form, with or without witnesses (BIP-144).
 *
 * @param version u32
 * @param lockTime u32
 */
public record BitcoinTransaction(long version, List<TxInput> inputs, List<TxOutput> outputs, long lockTime) {
    /**
     * No block of this family holds a longer one. Scripts have no bound of their own: consensus lets an output's script
     * be as long as its block, so a tighter one here would stop at a valid block.
     */
    static final int MAX_BYTES = 4_000_000;

    /** More than there will ever be of any coin of this family but Dogecoin, in smallest units. */
    static final long MAX_VALUE = 84_000_000L * 100_000_000L;

    private static final int MARKER = 0;
    private static final int WITNESS_FLAG = 1;

    public BitcoinTransaction {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * Decodes the form without witnesses and nothing else: what txid is the hash of.
     *
     * @throws CodecException for anything but the one encoding of a transaction with at least one input
     */
    public static BitcoinTransaction decodeStripped(Bytes wire) {
        WireReader reader = new WireReader(wire);
        BitcoinTransaction transaction = read(reader, false);
        reader.end();
        return transaction;
    }

    /** Decodes either form. */
    public static BitcoinTransaction decode(Bytes wire) {
        WireReader reader = new WireReader(wire);
        BitcoinTransaction transaction = read(reader, true);
        reader.end();
        return transaction;
    }

    static BitcoinTransaction read(WireReader reader, boolean witnessAllowed) {
        long version = reader.u32();
        boolean witness = reader.peek(0) == MARKER && reader.peek(1) != 0;
        if (witness) {
            readFlag(reader, witnessAllowed);
        }
        int inputCount = reader.compact(MAX_BYTES / 41);
        if (inputCount == 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a transaction has an input");
        }
        List<TxInput> inputs = new ArrayList<>();
        for (int i = 0; i < inputCount; i++) {
            OutPoint outPoint = new OutPoint(reader.fixed(32), reader.u32());
            inputs.add(new TxInput(outPoint, reader.bytes(MAX_BYTES), reader.u32(), List.of()));
        }
        int outputCount = reader.compact(MAX_BYTES / 9);
        List<TxOutput> outputs = new ArrayList<>();
        for (int i = 0; i < outputCount; i++) {
            outputs.add(readOutput(reader));
        }
        if (witness) {
            readWitnesses(reader, inputs);
        }
        return new BitcoinTransaction(version, inputs, outputs, reader.u32());
    }

    private static void readFlag(WireReader reader, boolean witnessAllowed) {
        reader.u8();
        int flag = reader.u8();
        if (flag != WITNESS_FLAG) {
            throw new CodecException(Reason.UNKNOWN, "transaction flag " + flag);
        }
        if (!witnessAllowed) {
            throw new CodecException(Reason.NOT_CANONICAL, "a transaction with witnesses where none may be");
        }
    }

    private static TxOutput readOutput(WireReader reader) {
        long value = reader.i64();
        if (value < 0 || value > MAX_VALUE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "an output's value exceeds all the coin there is");
        }
        return new TxOutput(value, reader.bytes(MAX_BYTES));
    }

    private static void readWitnesses(WireReader reader, List<TxInput> inputs) {
        boolean any = false;
        for (int i = 0; i < inputs.size(); i++) {
            int items = reader.compact(MAX_BYTES);
            List<Bytes> stack = new ArrayList<>();
            for (int j = 0; j < items; j++) {
                stack.add(reader.bytes(MAX_BYTES));
            }
            any |= items > 0;
            inputs.set(i, inputs.get(i).withWitness(stack));
        }
        if (!any) {
            throw new CodecException(Reason.NOT_CANONICAL, "the witness form without any witness");
        }
    }

    /** The form without witnesses. */
    public Bytes encodeStripped() {
        return encode(false);
    }

    /** The form that is broadcast: with witnesses where there are any. */
    public Bytes encode() {
        return encode(inputs.stream().anyMatch(input -> !input.witness().isEmpty()));
    }

    private Bytes encode(boolean witness) {
        WireWriter writer = new WireWriter().u32(version);
        if (witness) {
            writer.u8(MARKER).u8(WITNESS_FLAG);
        }
        writer.compact(inputs.size());
        for (TxInput input : inputs) {
            writer.fixed(input.outPoint().txid()).u32(input.outPoint().index());
            writer.bytes(input.scriptSig()).u32(input.sequence());
        }
        writer.compact(outputs.size());
        for (TxOutput output : outputs) {
            writer.i64(output.value()).bytes(output.script());
        }
        if (witness) {
            for (TxInput input : inputs) {
                writer.compact(input.witness().size());
                input.witness().forEach(writer::bytes);
            }
        }
        return writer.u32(lockTime).toBytes();
    }

    /** The id in wire order: double SHA-256 of the form without witnesses. */
    public Bytes txid() {
        return Hashes.doubleSha256(encodeStripped());
    }

    /** The id as explorers show it. */
    public String displayTxid() {
        return txid().reversed().toHex();
    }

    /** Weight units (BIP-141): three times the stripped length and once the whole. */
    public int weight() {
        return 3 * encodeStripped().length() + encode().length();
    }

    /** Virtual bytes: weight / 4, rounded up. */
    public int virtualSize() {
        return Math.ceilDiv(weight(), 4);
    }

    public boolean isCoinbase() {
        return inputs.size() == 1 && inputs.getFirst().outPoint().equals(OutPoint.NULL);
    }
}
