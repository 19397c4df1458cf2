package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.bitcoin.TxOutput;

/** Takes payments to an asset's vault: they make up for what is missing, and what is more becomes fees. */
final class Recapitalisations {
    private Recapitalisations() {}

    /** Reports that a transaction in an observed block pays to an asset's vault. */
    record Report(String asset, long output, Inclusion inclusion) {
        Bytes encode() {
            Writer out = new Writer().string(asset).u32(output);
            inclusion.encode(out);
            return out.toBytes();
        }

        static Report decode(Bytes body) {
            Reader in = new Reader(body);
            Report report = new Report(in.string(32), in.u32(), Inclusion.decode(in));
            in.end();
            return report;
        }
    }

    /** For the door: what costs no proof. */
    static void check(Report report, View state) throws Refusal {
        report.inclusion().requireObserved(asset(report, state), state);
    }

    static void report(Report report, Context context, Shard shard) throws Refusal {
        Asset asset = asset(report, context);
        SpvProof.Proven proven = report.inclusion().prove(asset, context);
        OutPoint outpoint = new OutPoint(proven.txid(), report.output());
        if (BridgeState.VAULTED.get(context, Ids.key(outpoint)).isPresent()) {
            throw new Refusal("payment-known", "the payment is the vault's already");
        }
        DepositRules.requireFresh(proven.header(), context.timeMillis());
        TxOutput output = DepositRules.output(proven.transaction(), report.output());
        GatewayScript vault = Gateways.vault(asset, context, shard);
        if (!output.script().equals(vault.output())) {
            throw new Refusal("output-not-vault", "the output does not pay to the vault of " + asset.symbol());
        }
        DepositRules.requireAmount(asset, output.value());
        DepositRules.requireDepth(asset, output.value(), report.inclusion().depth(asset, context));
        BridgeState.VAULTED.put(context, Ids.key(outpoint), true);
        BridgeState.put(context, VaultOutput.free(asset.symbol(), new GatewayCoin(outpoint, output.value(), vault)));
        Accounts before = BridgeState.accounts(context, asset.symbol());
        BridgeState.put(context, asset.symbol(), before.recapitalised(output.value()));
        Writer event = new Writer().string(asset.symbol());
        outpoint.encode(event);
        context.emit("bridge.recapitalised", event.u64(output.value()).toBytes());
    }

    private static Asset asset(Report report, View state) throws Refusal {
        return BridgeState.asset(state, report.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + report.asset()));
    }
}
