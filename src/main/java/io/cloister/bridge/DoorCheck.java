package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.SpvProof;
import java.util.Locale;

/** Refuses, before it costs a place in a block, what has happened already or cannot succeed yet. */
final class DoorCheck {
    private DoorCheck() {}

    static void check(int kind, Bytes body, View state) throws Refusal {
        switch (kind) {
            case BridgeModule.REGISTER_GATEWAY -> gateway(Gateways.Register.decode(body), state);
            case BridgeModule.OBSERVE_BLOCKS -> blocks(Observations.Blocks.decode(body), state);
            case BridgeModule.OBSERVE_FEE_RATE -> Observations.FeeRate.decode(body);
            case BridgeModule.REPORT_DEPOSIT -> deposit(Deposits.Report.decode(body), state);
            case BridgeModule.REPORT_BURN -> burn(Burns.Report.decode(body), state);
            case BridgeModule.RELEASE_BROADCAST ->
                transfer(Releases.Broadcast.decode(body).transfer(), Transfer.State.BROADCAST, state);
            case BridgeModule.RELEASE_CONFIRMED ->
                transfer(Releases.Confirmed.decode(body).transfer(), Transfer.State.RELEASED, state);
            case BridgeModule.REPORT_SPEND -> Spends.Report.decode(body);
            case BridgeModule.PAUSE -> Safety.PauseVote.decode(body);
            case BridgeModule.RECAPITALISE -> Recapitalisations.check(Recapitalisations.Report.decode(body), state);
            default -> throw new Refusal("unknown-kind", "the bridge has no transaction of kind " + kind);
        }
    }

    private static void gateway(Gateways.Register register, View state) throws Refusal {
        Asset asset = BridgeState.asset(state, register.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + register.asset()));
        Gateways.requireNone(Gateways.hash(asset, register), state, BridgeState.timeMillis(state));
        Gateways.requireRecipient(register);
    }

    private static void blocks(Observations.Blocks stated, View state) throws Refusal {
        boolean allKnown = stated.blocks().stream()
                .allMatch(b ->
                        BridgeState.observed(state, stated.chain(), b.height()).isPresent());
        if (allKnown) {
            throw new Refusal("already-observed", "all the stated blocks are observed");
        }
    }

    /** Everything but the proof's work and the path to the root. */
    private static void deposit(Deposits.Report report, View state) throws Refusal {
        Gateway gateway = DepositRules.open(report, state);
        Asset asset = BridgeState.asset(state, gateway.asset()).orElseThrow();
        SpvProof proof = report.inclusion().proof();
        report.inclusion().requireObserved(asset, state);
        DepositRules.requireInTime(gateway, proof.header(), BridgeState.timeMillis(state));
        BitcoinTransaction claimed = BitcoinTransaction.decodeStripped(proof.transaction());
        DepositRules.acceptable(report, gateway, asset, claimed, state);
    }

    private static void burn(Burns.Report report, View state) throws Refusal {
        Asset asset = BridgeState.asset(state, report.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + report.asset()));
        requireObserved(asset.evmChain(), report.height(), state);
    }

    private static void requireObserved(String chain, long height, View state) throws Refusal {
        if (BridgeState.observed(state, chain, height).isEmpty()) {
            throw new Refusal("block-not-observed", "no block of " + chain + " is observed at " + height);
        }
    }

    private static void transfer(Bytes id, Transfer.State reached, View state) throws Refusal {
        Transfer transfer = BridgeState.transfer(state, id)
                .orElseThrow(() -> new Refusal("unknown-transfer", "no transfer has id " + id));
        if (transfer.state() == Transfer.State.REFUSED) {
            throw new Refusal("release-not-ready", "nothing will be released");
        }
        if (transfer.state().compareTo(reached) >= 0) {
            throw new Refusal("already-" + reached.name().toLowerCase(Locale.ROOT), "the release is further");
        }
    }
}
