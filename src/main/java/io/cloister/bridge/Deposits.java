package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import java.util.List;
import java.util.Optional;

/** Takes deposits in: a proof against an observed block, once for each outpoint, and a signature of the mint. */
final class Deposits {
    /** Most outputs of one transaction that one report brings. */
    static final int MAX_OUTPUTS = 64;

    private Deposits() {}

    /** Reports that outputs of a transaction in an observed block pay to a gateway. */
    record Report(Bytes gHash, List<Long> outputs, Inclusion inclusion) {
        Report {
            outputs = List.copyOf(outputs);
            if (outputs.isEmpty()) {
                throw new CodecException(CodecException.Reason.OUT_OF_RANGE, "a report names an output");
            }
        }

        Bytes encode() {
            Writer out = new Writer().fixed(gHash).list(outputs, Writer::u32);
            inclusion.encode(out);
            return out.toBytes();
        }

        /** Of the reported transaction; proved only when the proof is checked. */
        Bytes txid() {
            return Hashes.doubleSha256(inclusion.proof().transaction());
        }

        static Report decode(Bytes body) {
            Reader in = new Reader(body);
            Report report = new Report(in.fixed(32), in.list(MAX_OUTPUTS, Reader::u32), Inclusion.decode(in));
            in.end();
            return report;
        }
    }

    /** Accepts those of the reported outputs that can be; when there are none the first one's refusal is the answer. */
    static void report(Report report, Context context, Shard shard) throws Refusal {
        Gateway gateway = DepositRules.open(report, context);
        Asset asset = BridgeState.asset(context, gateway.asset()).orElseThrow();
        SpvProof.Proven proven = report.inclusion().prove(asset, context);
        DepositRules.requireInTime(gateway, proven.header(), context.timeMillis());
        for (GatewayCoin coin : DepositRules.acceptable(report, gateway, asset, proven.transaction(), context)) {
            accept(asset, gateway, coin, proven.header().time() * 1_000, context);
        }
        MintQueue.order(asset, context, shard);
    }

    private static void accept(Asset asset, Gateway gateway, GatewayCoin coin, long paidMillis, Context context) {
        OutPoint outpoint = coin.outPoint();
        long amount = coin.value();
        Bytes nHash = TransferHashes.depositHash(gateway.nonce(), outpoint.txid(), outpoint.index());
        long fee = asset.mintFee(amount);
        Bytes digest = Mints.digest(asset, gateway, amount - fee, nHash);
        Deposit deposit = new Deposit(
                outpoint,
                gateway.gHash(),
                nHash,
                amount,
                fee,
                digest,
                paidMillis,
                context.height(),
                Optional.empty(),
                false);
        BridgeState.SPENT.put(context, nHash, outpoint);
        BridgeState.DEPOSITS.put(context, Ids.key(outpoint), deposit);
        BridgeState.put(context, VaultOutput.free(asset.symbol(), coin));
        Accounts before = BridgeState.accounts(context, asset.symbol());
        BridgeState.put(context, asset.symbol(), before.deposited(amount, fee));
        Gateways.use(gateway, context);
        MintQueue.add(asset, deposit, context);
        context.emit("bridge.deposit-accepted", encoded(deposit));
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

    static Bytes encoded(Deposit deposit) {
        Writer out = new Writer();
        deposit.encode(out);
        return out.toBytes();
    }
}
