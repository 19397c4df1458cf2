package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.multichain.bitcoin.GatewayCoin;

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

    /** What it adds to the asset's locked amount: change counts when its release is final, its inputs until then. */
    long counted() {
        return state == State.PENDING ? 0 : coin.value();
    }

    void encode(Writer out) {
        out.string(asset);
        coin.encode(out);
        out.u8(state.ordinal()).fixed(transfer);
    }

    static VaultOutput decode(Reader in) {
        return new VaultOutput(in.string(32), GatewayCoin.decode(in), State.values()[in.u8()], in.fixed(32));
    }
}
