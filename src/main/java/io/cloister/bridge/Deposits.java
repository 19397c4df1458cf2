package io.cloister.bridge;

import io.cloister.bridge.BridgeState.Pending;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.bitcoin.TxOutput;
import java.util.List;
import java.util.Optional;

/** Takes deposits in: a proof against an observed block, once for each outpoint, and a signature of the mint. */
final class Deposits {
    private Deposits() {}

    /** Reports that a transaction in an observed block pays to a gateway. */
    record Report(Bytes gHash, long height, long vout, SpvProof proof) {
        Bytes encode() {
            Writer out = new Writer().fixed(gHash).u64(height).u32(vout);
            proof.encode(out);
            return out.toBytes();
        }

        /** What is reported; proved only when the proof is checked. */
        OutPoint outPoint() {
            return new OutPoint(Hashes.doubleSha256(proof.transaction()), vout);
        }

        static Report decode(Bytes body) {
            Reader in = new Reader(body);
            Report report = new Report(in.fixed(32), in.u64(), in.u32(), SpvProof.decode(in));
            in.end();
            return report;
        }
    }

    static void report(Report report, Context context, Shard shard) throws Refusal {
        Gateway gateway = BridgeState.gateway(context, report.gHash())
                .orElseThrow(() -> new Refusal("unknown-gateway", "no gateway has hash " + report.gHash()));
        Asset asset = BridgeState.asset(context, gateway.asset()).orElseThrow();
        requireNew(report, context);
        Safety.requireRunning(asset, context);
        if (context.timeMillis() > gateway.expiryMillis()) {
            throw new Refusal("gateway-expired", "the gateway took deposits until " + gateway.expiryMillis());
        }
        SpvProof.Proven proven = prove(report.proof(), asset, report.height(), context);
        TxOutput output = output(proven, report.vout());
        if (!output.script().equals(gateway.script().output())) {
            throw new Refusal("output-not-gateway", "the output does not pay to the gateway");
        }
        requireAmount(asset, output.value());
        requireDepth(asset, output.value(), report.height(), context);
        accept(asset, gateway, report.outPoint(), output.value(), context, shard);
    }

    /** First of all, so that a second report is answered alike whatever has become of the gateway since. */
    static void requireNew(Report report, View state) throws Refusal {
        if (BridgeState.deposit(state, report.outPoint()).isPresent()) {
            throw new Refusal("deposit-known", "the deposit " + report.outPoint() + " was reported before");
        }
    }

    private static void accept(
            Asset asset, Gateway gateway, OutPoint outpoint, long amount, Context context, Shard shard) throws Refusal {
        Bytes nHash = TransferHashes.depositHash(gateway.nonce(), outpoint.txid(), outpoint.index());
        if (BridgeState.SPENT.get(context, nHash).isPresent()) {
            throw new Refusal("deposit-known", "the deposit was reported before");
        }
        long fee = asset.mintFee(amount);
        Safety.countMint(asset, amount - fee, context);
        Bytes digest = Mints.digest(asset, gateway, amount - fee, nHash);
        Bytes request = Ids.mintRequest(nHash);
        Deposit deposit =
                new Deposit(outpoint, gateway.gHash(), nHash, amount, fee, digest, context.height(), Optional.empty());
        BridgeState.SPENT.put(context, nHash, outpoint);
        BridgeState.DEPOSITS.put(context, Ids.key(outpoint), deposit);
        BridgeState.put(context, VaultOutput.free(asset.symbol(), new GatewayCoin(outpoint, amount, gateway.script())));
        Accounts before = BridgeState.accounts(context, asset.symbol());
        BridgeState.put(context, asset.symbol(), before.deposited(amount, fee));
        Gateways.use(gateway, context);
        context.emit("bridge.deposit-accepted", encoded(deposit));
        Optional<Signature> known = shard.request(context, request, digest, List.of(), "mint");
        if (known.isPresent()) {
            signed(Ids.key(outpoint), known.get(), context);
        } else {
            BridgeState.PENDING.put(context, request, new Pending(Ids.key(outpoint), Pending.MINT));
        }
    }

    /** The shard has signed a deposit's mint. */
    static void signed(Bytes outpoint, Signature signature, Context context) {
        Deposit deposit =
                BridgeState.DEPOSITS.get(context, outpoint).orElseThrow().signed(signature);
        Gateway gateway = BridgeState.gateway(context, deposit.gHash()).orElseThrow();
        BridgeState.DEPOSITS.put(context, outpoint, deposit);
        Accounts before = BridgeState.accounts(context, gateway.asset());
        BridgeState.put(context, gateway.asset(), before.mintSigned(deposit.net()));
        context.emit("bridge.mint-signed", encoded(deposit));
    }

    /** Checks a proof against the block that validators have observed at this height. */
    static SpvProof.Proven prove(SpvProof proof, Asset asset, long height, View state) throws Refusal {
        Bytes observed = BridgeState.observed(state, asset.chain(), height)
                .orElseThrow(() -> new Refusal(
                        "block-not-observed", "no block of " + asset.chain() + " is observed at " + height));
        try {
            return proof.check(Gateways.profile(asset), observed);
        } catch (ProofRefused e) {
            throw new Refusal("proof-refused", e.reason() + ": " + e.getMessage());
        }
    }

    private static TxOutput output(SpvProof.Proven proven, long vout) throws Refusal {
        List<TxOutput> outputs = proven.transaction().outputs();
        if (vout >= outputs.size()) {
            throw new Refusal("no-such-output", "the transaction has " + outputs.size() + " outputs");
        }
        return outputs.get((int) vout);
    }

    private static void requireAmount(Asset asset, long amount) throws Refusal {
        if (amount < asset.minimumDeposit()) {
            throw new Refusal("amount-below-minimum", "at least " + asset.minimumDeposit() + " must be paid");
        }
        if (amount > asset.supply()) {
            throw new Refusal("amount-above-supply", "there are not more than " + asset.supply());
        }
    }

    /** Large amounts wait for blocks on top that validators have observed too. */
    private static void requireDepth(Asset asset, long amount, long height, View state) throws Refusal {
        BitcoinProfile profile = Gateways.profile(asset);
        long more = profile.confirmations().required(amount)
                - profile.confirmations().floor();
        long tip = BridgeState.observedTip(state, asset.chain());
        if (tip < height + more) {
            throw new Refusal("not-deep-enough", more + " more blocks have to be observed on top of " + height);
        }
    }

    private static Bytes encoded(Deposit deposit) {
        Writer out = new Writer();
        deposit.encode(out);
        return out.toBytes();
    }
}
