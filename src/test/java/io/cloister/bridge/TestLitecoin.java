package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinBlock;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.bitcoin.TxInput;
import io.cloister.multichain.bitcoin.TxOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** A chain of real blocks with the easy work of a regression test. */
final class TestLitecoin {
    private static final int EASIEST = 0x207f_ffff;
    private static final long FINAL = 0xffff_ffffL;

    private final LongSupplier clock;
    private final List<BitcoinBlock> blocks = new ArrayList<>();
    private int coins;

    /** A transaction in a block. */
    record Mined(long height, int index, BitcoinTransaction transaction) {
        OutPoint output(int vout) {
            return new OutPoint(transaction.txid(), vout);
        }
    }

    /** @param clock what miners write into their blocks, in seconds */
    TestLitecoin(LongSupplier clock) {
        this.clock = clock;
    }

    long height() {
        return blocks.size();
    }

    Bytes hash(long height) {
        return blocks.get((int) height - 1).header().hash();
    }

    /** Headers of the blocks after this one. */
    List<BitcoinHeader> above(long height, int count) {
        return blocks.subList((int) height, (int) height + count).stream()
                .map(BitcoinBlock::header)
                .toList();
    }

    SpvProof proof(Mined mined) {
        return proof(mined.height(), mined.index());
    }

    SpvProof proof(long height, int index) {
        return blocks.get((int) height - 1).proof(index);
    }

    /** Pays from somewhere; the first output goes to somebody else. */
    BitcoinTransaction payment(Bytes script, long amount) {
        return spend(fresh(), List.of(new TxOutput(777, somebody(1)), new TxOutput(amount, script)));
    }

    static BitcoinTransaction spend(OutPoint coin, List<TxOutput> outputs) {
        return new BitcoinTransaction(2, List.of(new TxInput(coin, Bytes.EMPTY, FINAL, List.of())), outputs, 0);
    }

    /** The output script of a key hash that nobody here holds. */
    static Bytes somebody(int number) {
        Bytes hash = Hashes.sha256(Bytes.utf8("somebody " + number)).slice(0, 20);
        return Bytes.concat(Bytes.of((byte) 0, (byte) 20), hash);
    }

    private OutPoint fresh() {
        return new OutPoint(Hashes.sha256(Bytes.utf8("coin " + coins++)), 0);
    }

    Mined mine(BitcoinTransaction transaction) {
        List<BitcoinTransaction> transactions = new ArrayList<>();
        transactions.add(coinbase());
        transactions.add(payment(somebody(2), 1_000_000));
        transactions.add(transaction);
        mine(transactions);
        return new Mined(height(), 2, transaction);
    }

    void mineEmpty(int count) {
        for (int i = 0; i < count; i++) {
            mine(List.of(coinbase()));
        }
    }

    private BitcoinTransaction coinbase() {
        Bytes script = new Writer().u8(4).u32(height() + 1).toBytes();
        TxInput input = new TxInput(new OutPoint(Bytes.zeros(32), FINAL), script, FINAL, List.of());
        return new BitcoinTransaction(1, List.of(input), List.of(new TxOutput(5_000_000_000L, somebody(3))), 0);
    }

    private void mine(List<BitcoinTransaction> transactions) {
        Bytes root = root(transactions.stream().map(BitcoinTransaction::txid).toList());
        Bytes parent =
                blocks.isEmpty() ? Bytes.zeros(32) : blocks.getLast().header().hash();
        for (int nonce = 0; ; nonce++) {
            ByteBuffer raw = ByteBuffer.allocate(BitcoinHeader.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            raw.putInt(4).put(parent.toArray()).put(root.toArray());
            raw.putInt((int) clock.getAsLong()).putInt(EASIEST).putInt(nonce);
            BitcoinHeader header = new BitcoinHeader(Bytes.of(raw.array()));
            if (header.hasWork(ChainProfiles.LITECOIN_REGTEST)) {
                List<Bytes> wire = new ArrayList<>(List.of(header.raw(), Bytes.of((byte) transactions.size())));
                transactions.forEach(t -> wire.add(t.encode()));
                blocks.add(BitcoinBlock.decode(Bytes.concat(wire.toArray(Bytes[]::new))));
                return;
            }
        }
    }

    private static Bytes root(List<Bytes> level) {
        if (level.size() == 1) {
            return level.getFirst();
        }
        List<Bytes> parents = new ArrayList<>();
        for (int i = 0; i < level.size(); i += 2) {
            parents.add(Hashes.doubleSha256(level.get(i), level.get(Math.min(i + 1, level.size() - 1))));
        }
        return root(parents);
    }
}
