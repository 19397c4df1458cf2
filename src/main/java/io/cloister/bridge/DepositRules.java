package io.cloister.bridge;

import io.cloister.bridge.Deposits.Report;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxOutput;
import java.util.ArrayList;
import java.util.List;

/** What a deposit must be to be accepted. Times are the proved block's, so that no delay of the committee costs one. */
final class DepositRules {
    /** How far a miner's clock may be ahead. */
    static final long TOLERANCE_MILLIS = 2 * 3_600_000L;

    /** Oldest payment that is taken: two days before guardians can give it back, after which no mint may be made. */
    static final long MAX_AGE_MILLIS = 5 * 86_400_000L;

    private DepositRules() {}

    /** The gateway, if something of the report is new and the asset runs. */
    static Gateway open(Report report, View state) throws Refusal {
        Gateway gateway = BridgeState.gateway(state, report.gHash())
                .orElseThrow(() -> new Refusal("unknown-gateway", "no gateway has hash " + report.gHash()));
        Bytes txid = report.txid();
        requireNew(
                report.outputs().stream().map(vout -> new OutPoint(txid, vout)).toList(), state);
        Safety.requireRunning(BridgeState.asset(state, gateway.asset()).orElseThrow(), state);
        return gateway;
    }

    /** First of all, so that a second report is answered alike whatever has become of the gateway since. */
    private static void requireNew(List<OutPoint> outpoints, View state) throws Refusal {
        if (outpoints.stream()
                .allMatch(outpoint -> BridgeState.deposit(state, outpoint).isPresent())) {
            throw new Refusal("deposit-known", "the deposit " + outpoints.getFirst() + " was reported before");
        }
    }

    static void requireInTime(Gateway gateway, BitcoinHeader header, long nowMillis) throws Refusal {
        if (header.time() * 1_000 > gateway.expiryMillis() + TOLERANCE_MILLIS) {
            throw new Refusal("gateway-expired", "the gateway took deposits until " + gateway.expiryMillis());
        }
        requireFresh(header, nowMillis);
    }

    static void requireFresh(BitcoinHeader header, long nowMillis) throws Refusal {
        if (nowMillis - header.time() * 1_000 > MAX_AGE_MILLIS) {
            throw new Refusal("deposit-too-old", "the payment's block is older than five days");
        }
    }

    /**
     * The reported outputs that are new and can be accepted, each once.
     *
     * @throws Refusal the first output's, when there are none
     */
    static List<GatewayCoin> acceptable(
            Report report, Gateway gateway, Asset asset, BitcoinTransaction transaction, View state) throws Refusal {
        Bytes txid = report.txid();
        int depth = report.inclusion().depth(asset, state);
        List<GatewayCoin> coins = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        for (long vout : report.outputs().stream().distinct().toList()) {
            OutPoint outpoint = new OutPoint(txid, vout);
            try {
                requireNew(List.of(outpoint), state);
                TxOutput output = output(transaction, vout);
                requirePays(output, gateway);
                requireAmount(asset, output.value());
                requireDepth(asset, output.value(), depth);
                coins.add(new GatewayCoin(outpoint, output.value(), gateway.script()));
            } catch (Refusal refusal) {
                refusals.add(refusal);
            }
        }
        if (coins.isEmpty()) {
            throw refusals.getFirst();
        }
        return coins;
    }

    static TxOutput output(BitcoinTransaction transaction, long vout) throws Refusal {
        List<TxOutput> outputs = transaction.outputs();
        if (vout >= outputs.size()) {
            throw new Refusal("no-such-output", "the transaction has " + outputs.size() + " outputs");
        }
        return outputs.get((int) vout);
    }

    private static void requirePays(TxOutput output, Gateway gateway) throws Refusal {
        if (!output.script().equals(gateway.script().output())) {
            throw new Refusal("output-not-gateway", "the output does not pay to the gateway");
        }
    }

    static void requireAmount(Asset asset, long amount) throws Refusal {
        if (amount < asset.minimumDeposit()) {
            throw new Refusal("amount-below-minimum", "at least " + asset.minimumDeposit() + " must be paid");
        }
        if (amount > asset.supply()) {
            throw new Refusal("amount-above-supply", "there are not more than " + asset.supply());
        }
    }

    /** Large amounts wait for blocks on top that validators have observed too. */
    static void requireDepth(Asset asset, long amount, int depth) throws Refusal {
        int needed = Inclusion.needed(asset, amount);
        if (depth < needed) {
            throw new Refusal("not-deep-enough", needed + " blocks have to be shown on top, " + depth + " are");
        }
    }
}
