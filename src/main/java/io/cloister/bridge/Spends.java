package io.cloister.bridge;

import io.cloister.bridge.VaultOutput.State;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.bitcoin.TxInput;
import java.util.Optional;

/** Takes note of a spend of one of the shard's outputs that the ledger did not order: it lowers locked and pauses. */
final class Spends {
    private Spends() {}

    /** Reports that a transaction in an observed block spends an output of an asset. */
    record Report(String asset, long height, SpvProof proof) {
        Bytes encode() {
            Writer out = new Writer().string(asset).u64(height);
            proof.encode(out);
            return out.toBytes();
        }

        static Report decode(Bytes body) {
            Reader in = new Reader(body);
            Report report = new Report(in.string(32), in.u64(), SpvProof.decode(in));
            in.end();
            return report;
        }
    }

    static void report(Report report, Context context) throws Refusal {
        Asset asset = BridgeState.asset(context, report.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + report.asset()));
        SpvProof.Proven proven = Inclusion.prove(report.proof(), asset, report.height(), context);
        boolean found = false;
        for (TxInput input : proven.transaction().inputs()) {
            found |= take(asset, input.outPoint(), proven.txid(), context);
        }
        if (!found) {
            throw new Refusal("no-unordered-spend", "the transaction spends nothing that it should not");
        }
        Safety.pause(asset.symbol(), "an output was spent that the ledger did not order", context);
    }

    /** Change is not taken before its release is final: until then it does not count, and settling needs it. */
    private static boolean take(Asset asset, OutPoint spent, Bytes by, Context context) {
        Optional<VaultOutput> output = BridgeState.OUTPUTS.get(context, Ids.key(spent));
        boolean counted = output.filter(o -> o.asset().equals(asset.symbol()) && o.state() != State.PENDING)
                .isPresent();
        if (!counted || isOrdered(output.get(), by, context)) {
            return false;
        }
        BridgeState.remove(context, output.get());
        if (output.get().state() == State.SPENDING) {
            Releases.undo(output.get().transfer(), context);
        }
        if (!Refunds.take(asset, spent, context)) {
            Accounts before = BridgeState.accounts(context, asset.symbol());
            BridgeState.put(
                    context, asset.symbol(), before.lost(output.get().coin().value()));
        }
        Writer event = new Writer();
        spent.encode(event);
        context.emit("bridge.unordered-spend", event.fixed(by).toBytes());
        return true;
    }

    private static boolean isOrdered(VaultOutput output, Bytes by, Context context) {
        return BridgeState.transfer(context, output.transfer())
                .flatMap(Transfer::txid)
                .filter(by::equals)
                .isPresent();
    }
}
