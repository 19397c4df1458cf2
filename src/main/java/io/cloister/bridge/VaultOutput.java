package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.OutPoint;

/**
 * An output that the shard can spend.
 *
 * @param transfer id of the release that spends or made it; 32 zero bytes while free
 */
public record VaultOutput(String asset, GatewayCoin coin, State state, Bytes transfer) {
    private static final Bytes NONE = Bytes.zeros(32);

    /** The life of an output. */
    public enum State {
        /** Change of a release that is not final yet. */
        PENDING,
        FREE,
        /** Input of a release. */
        SPENDING
    }

    static VaultOutput free(String asset, GatewayCoin coin) {
        return new VaultOutput(asset, coin, State.FREE, NONE);
    }

    static VaultOutput change(String asset, GatewayCoin coin, Bytes transfer) {
        return new VaultOutput(asset, coin, State.PENDING, transfer);
    }

    VaultOutput spentBy(Bytes release) {
        return new VaultOutput(asset, coin, State.SPENDING, release);
    }

    void encode(Writer out) {
        out.string(asset).u8(state.ordinal()).fixed(transfer);
        coin.encode(out);
    }

    static VaultOutput decode(Reader in) {
        String asset = in.string(32);
        State state = State.values()[in.u8()];
        Bytes transfer = in.fixed(32);
        return new VaultOutput(asset, GatewayCoin.decode(in), state, transfer);
    }

    /** An output without its script: keys cost time to decode, and sums and lists need none. */
    public record Summary(String asset, State state, Bytes transfer, OutPoint outPoint, long value) {

        /**
         * What it adds to the asset's locked amount: change counts when its release is final, its inputs until
         * then.
         */
        long counted() {
            return state == State.PENDING ? 0 : value;
        }

        static Summary decode(Bytes encoded) {
            Reader in = new Reader(encoded);
            String asset = in.string(32);
            State state = State.values()[in.u8()];
            return new Summary(asset, state, in.fixed(32), OutPoint.decode(in), in.u64());
        }
    }
}
