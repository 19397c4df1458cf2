package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.View;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The bridge on a real ledger of four, as what surrounds it meets it: each node submits and reads the state. */
public final class BridgeWorld {
    public static final Asset LTC = BridgeFixture.LTC;
    public static final Asset OTHER = BridgeFixture.asset("OTHER", Bytes.hex("d0".repeat(20)));
    public static final int NODES = 4;

    /** Kinds of what has been submitted, in order. */
    public final List<Integer> submitted = new ArrayList<>();

    private final BridgeFixture bridge = new BridgeFixture(256, LTC, OTHER);

    public View state() {
        return bridge.state();
    }

    public long millis() {
        return bridge.chain.millis;
    }

    public void setMillis(long millis) {
        bridge.chain.millis = millis;
    }

    public Gateway gateway(Asset asset, int number) {
        return bridge.gateway(asset, number);
    }

    public Gateway gateway(int number) {
        return bridge.gateway(number);
    }

    public void signAll() {
        bridge.signAll();
    }

    /** So much coin is held and may be burnt; a fee rate is known. */
    public void minted(int number, long amount) {
        bridge.minted(number, amount);
        feeRate(4_000);
    }

    public Transfer burn(long amount) {
        bridge.burn(amount);
        return bridge.lastTransfer();
    }

    public void feeRate(long rate) {
        bridge.feeRate(rate, 1, 2, 3);
    }

    public void pause() {
        bridge.runAll(BridgeModule.PAUSE, Reports.pause(LTC.symbol(), true), 1, 2, 3);
    }

    public void resume() {
        bridge.runAll(BridgeModule.PAUSE, Reports.pause(LTC.symbol(), false), 1, 2, 3);
    }

    public long count(int kind) {
        return submitted.stream().filter(k -> k == kind).count();
    }

    public static Bytes address(int number) {
        return BridgeFixture.address(number);
    }

    public static Log burned(Bytes contract, Bytes recipient, long amount, long nonce) {
        return TestEthereum.burned(contract, recipient, BigInteger.valueOf(amount), nonce);
    }

    /** The ledger as the node of this slot reaches it: each transaction gets a block at once. */
    public LedgerClient client(int slot) {
        return new LedgerClient() {
            @Override
            public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
                submitted.add(kind);
                return CompletableFuture.completedFuture(bridge.run(slot, kind, body));
            }

            @Override
            public View state() {
                return bridge.state();
            }

            @Override
            public long height() {
                return bridge.chain.ledger().height();
            }
        };
    }
}
