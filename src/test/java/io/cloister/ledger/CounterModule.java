package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/** A module that adds numbers, refuses zero after having written it, and counts blocks. */
final class CounterModule implements Module {
    static final int ID = 9;
    static final Bytes TOTAL = Bytes.utf8("total");
    static final Bytes BLOCKS = Bytes.utf8("blocks");

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void genesis(Context context) {
        context.put(TOTAL, number(0));
    }

    @Override
    public void check(Transaction transaction, View state) throws Refusal {
        if (transaction.body().length() != 8) {
            throw new Refusal("malformed", "a number has 8 bytes");
        }
    }

    @Override
    public void execute(Transaction transaction, Context context) throws Refusal {
        long add = new Reader(transaction.body()).u64();
        context.put(TOTAL, number(read(context, TOTAL) + add));
        context.emit("counter.added", transaction.body());
        if (add == 0) {
            context.put(TOTAL, number(999));
            throw new Refusal("zero", "adding zero is refused");
        }
    }

    @Override
    public void endBlock(Context context) {
        context.put(BLOCKS, number(read(context, BLOCKS) + 1));
        context.emit("counter.block", number(context.height()));
    }

    static long read(View view, Bytes key) {
        return view.get(key).map(b -> new Reader(b).u64()).orElse(0L);
    }

    static Bytes number(long value) {
        return new Writer().u64(value).toBytes();
    }
}
