package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.multichain.AddressRefused;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.ethereum.GatewayEvent;
import io.cloister.multichain.ethereum.ReceiptProof;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Takes burns in: an event of the registered gateway contract, proved against an observed block, once. */
final class Burns {
    private Burns() {}

    /** Reports a log of a transaction in an observed block. */
    record Report(String asset, long height, int logIndex, ReceiptProof proof) {
        Bytes encode() {
            Writer out = new Writer().string(asset).u64(height).u32(logIndex);
            proof.encode(out);
            return out.toBytes();
        }

        static Report decode(Bytes body) {
            Reader in = new Reader(body);
            Report report = new Report(in.string(32), in.u64(), logIndex(in.u32()), ReceiptProof.decode(in));
            in.end();
            return report;
        }

        private static int logIndex(long index) {
            if (index > Integer.MAX_VALUE) {
                throw new CodecException(CodecException.Reason.OUT_OF_RANGE, "log " + index);
            }
            return (int) index;
        }
    }

    static void report(Report report, Context context, Shard shard) throws Refusal {
        Asset asset = BridgeState.asset(context, report.asset())
                .orElseThrow(() -> new Refusal("unknown-asset", "there is no asset " + report.asset()));
        GatewayEvent.Burned burned = prove(report, asset, context);
        Bytes id = Ids.transfer(asset, burned.nonce());
        if (BridgeState.transfer(context, id).isPresent()) {
            throw new Refusal("burn-known", "the burn was reported before");
        }
        long amount = amount(asset, burned.amount());
        Accounts accounts = BridgeState.accounts(context, asset.symbol());
        if (amount > accounts.minted()) {
            throw new Refusal("burn-exceeds-minted", "only " + accounts.minted() + " are minted");
        }
        Optional<Bytes> script =
                recipient(asset, burned.recipient(), context, shard).filter(s -> amount >= asset.minimumBurn());
        long fee = script.isPresent() ? asset.burnFee(amount) : amount;
        Transfer transfer = new Transfer(
                id,
                asset.symbol(),
                report.height(),
                report.proof().transactionIndex(),
                report.logIndex(),
                burned.nonce(),
                script.orElse(Bytes.EMPTY),
                amount,
                fee,
                script.isPresent() ? Transfer.State.WAITING : Transfer.State.REFUSED,
                Optional.empty(),
                List.of(),
                Bytes.EMPTY,
                context.height());
        BridgeState.put(context, asset.symbol(), accounts.burnt(amount, fee));
        if (script.isPresent()) {
            BridgeState.WAITING.put(context, Releases.waitingKey(transfer), id);
            BridgeState.OPEN.put(context, id, id);
        }
        Releases.save(transfer, context, script.isPresent() ? "bridge.burn-accepted" : "bridge.burn-refused");
    }

    private static GatewayEvent.Burned prove(Report report, Asset asset, Context context) throws Refusal {
        Bytes observed = BridgeState.observed(context, asset.evmChain(), report.height())
                .orElseThrow(() -> new Refusal("block-not-observed", "block " + report.height() + " is not observed"));
        try {
            ReceiptProof.Proven proven = report.proof().check(observed);
            GatewayEvent event = proven.event(asset.gatewayContract(), report.logIndex());
            if (event instanceof GatewayEvent.Burned burned) {
                return burned;
            }
        } catch (ProofRefused e) {
            throw new Refusal("proof-refused", e.reason() + ": " + e.getMessage());
        }
        throw new Refusal("proof-refused", "the log is not a burn");
    }

    private static long amount(Asset asset, BigInteger amount) throws Refusal {
        if (amount.compareTo(BigInteger.valueOf(asset.supply())) > 0) {
            throw new Refusal("amount-above-supply", "there are not more than " + asset.supply());
        }
        return amount.longValueExact();
    }

    /**
     * Whom to pay; empty when that is nobody, or the vault, whose outputs are not found by what pays to it. The tokens are
     * burnt all the same, so what they stood for is the bridge's.
     */
    private static Optional<Bytes> recipient(Asset asset, Bytes text, Context context, Shard shard) {
        try {
            Bytes script = BitcoinAddress.toScript(Gateways.profile(asset), text);
            Bytes vault = Gateways.vault(asset, context, shard).output();
            return Optional.of(script).filter(s -> !s.equals(vault));
        } catch (AddressRefused e) {
            return Optional.empty();
        }
    }
}
