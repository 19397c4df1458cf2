package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Module;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.Board;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardParameters;
import io.cloister.mpc.board.SignatureSink;
import io.cloister.mpc.board.SigningRequest;
import java.util.List;
import java.util.Optional;

/** The real board of a committee that has generated its keys and one batch before the first block. */
final class KeyedBoard implements Module, Board {
    static final long BATCH = 1_000;
    static final int WIDTH = 4;

    private static final int AVAILABLE = 3;
    private static final Bytes TRANSCRIPT = Bytes.wrap(new byte[] {1}).padLeft(32);

    private final BoardModule board = new BoardModule(BoardParameters.defaults(), new MembershipCommittee());
    private final Point key;
    private final int members;

    KeyedBoard(Point key, int members) {
        this.key = key;
        this.members = members;
    }

    void connect(SignatureSink sink) {
        board.connect(sink);
    }

    @Override
    public int id() {
        return board.id();
    }

    @Override
    public void genesis(Context context) {
        board.genesis(context);
        for (String label : List.of("signing", "beacon")) {
            context.put(Bytes.utf8("key/" + label), key(label));
        }
        context.put(Bytes.concat(Bytes.utf8("batch/"), new Writer().u64(BATCH).toBytes()), batch(context.epoch()));
    }

    private Bytes key(String label) {
        return new Writer()
                .string(label)
                .u64(0)
                .u64(1)
                .u64(2)
                .u32(0)
                .bool(true)
                .fixed(TRANSCRIPT)
                .list(List.of(key, key), (w, p) -> w.fixed(p.encode()))
                .toBytes();
    }

    private Bytes batch(long epoch) {
        Writer out = new Writer()
                .u64(BATCH)
                .u8(AVAILABLE)
                .u64(epoch)
                .u16(WIDTH)
                .u64(3)
                .u64(4);
        out.u32(members);
        for (int slot = 1; slot <= members; slot++) {
            out.u16(slot).u64(1);
        }
        out.u32(members);
        for (int slot = 1; slot <= members; slot++) {
            out.u16(slot).fixed(TRANSCRIPT);
        }
        return out.bool(true).fixed(TRANSCRIPT).u16(0).u64(0).u64(0).toBytes();
    }

    @Override
    public void check(Transaction transaction, View state) throws Refusal {
        board.check(transaction, state);
    }

    @Override
    public void execute(Transaction transaction, Context context) throws Refusal {
        board.execute(transaction, context);
    }

    @Override
    public void endBlock(Context context) {
        board.endBlock(context);
    }

    @Override
    public Optional<Signature> requestSignature(Context any, SigningRequest request) throws Refusal {
        return board.requestSignature(any, request);
    }
}
