package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.ethereum.ReceiptProof;
import java.util.List;

/** Bodies of the bridge's transactions, for those who submit them. */
public final class Reports {
    /** Outputs in one report of deposits, at most. */
    public static final int MAX_OUTPUTS = Deposits.MAX_OUTPUTS;

    /** How long after its expiry a block may still pay to a gateway. */
    public static final long TOLERANCE_MILLIS = DepositRules.TOLERANCE_MILLIS;

    /** Age of a payment's block from which it is refused. */
    public static final long OLDEST_PAYMENT_MILLIS = DepositRules.MAX_AGE_MILLIS;

    private Reports() {}

    public static Bytes gateway(String asset, Bytes recipient, Bytes payload, Bytes nonce) {
        return new Gateways.Register(asset, recipient, payload, nonce).encode();
    }

    /** At most {@value Observations#MAX_BLOCKS} blocks are stated; the rest waits for the next transaction. */
    public static Bytes blocks(String chain, List<BlockRef> blocks) {
        return new Observations.Blocks(
                        chain,
                        blocks.stream()
                                .distinct()
                                .limit(Observations.MAX_BLOCKS)
                                .map(b -> new Observations.Blocks.Stated(b.height(), b.hash()))
                                .toList())
                .encode();
    }

    public static Bytes feeRate(String chain, long ratePerKvb) {
        return new Observations.FeeRate(chain, ratePerKvb).encode();
    }

    public static Bytes deposit(Bytes gHash, long height, long vout, SpvProof proof) {
        return deposit(gHash, height, List.of(vout), proof, List.of());
    }

    /**
     * Outputs of one transaction to the same gateway.
     *
     * @param outputs at most {@value #MAX_OUTPUTS}
     * @param above headers from the block after the payment's up to an observed one; empty when no amount needs them
     */
    public static Bytes deposit(
            Bytes gHash, long height, List<Long> outputs, SpvProof proof, List<BitcoinHeader> above) {
        return new Deposits.Report(gHash, outputs, new Inclusion(height, proof, above)).encode();
    }

    /** Observed blocks that have to stand on top of a payment's block, and be shown by their headers. */
    public static int depth(Asset asset, long amount) {
        return Inclusion.needed(asset, amount);
    }

    public static Bytes burn(String asset, long height, int logIndex, ReceiptProof proof) {
        return new Burns.Report(asset, height, logIndex, proof).encode();
    }

    public static Bytes broadcast(Bytes transfer, Bytes txid) {
        return new Releases.Broadcast(transfer, txid).encode();
    }

    public static Bytes confirmed(Bytes transfer, long height, SpvProof proof) {
        return confirmed(transfer, height, proof, List.of());
    }

    /** @param above as with a deposit, for what has left the vault */
    public static Bytes confirmed(Bytes transfer, long height, SpvProof proof, List<BitcoinHeader> above) {
        return new Releases.Confirmed(transfer, new Inclusion(height, proof, above)).encode();
    }

    public static Bytes spend(String asset, long height, SpvProof proof) {
        return new Spends.Report(asset, height, proof).encode();
    }

    /** @param above as with a deposit */
    public static Bytes recapitalise(
            String asset, long height, long output, SpvProof proof, List<BitcoinHeader> above) {
        return new Recapitalisations.Report(asset, output, new Inclusion(height, proof, above)).encode();
    }

    public static Bytes pause(String asset, boolean pause) {
        return new Safety.PauseVote(asset, pause).encode();
    }

    /** Id of the transfer that a burn becomes. */
    public static Bytes transferId(Asset asset, long burnNonce) {
        return Ids.transfer(asset, burnNonce);
    }

    /** Names an output among the nodes. */
    public static Bytes about(OutPoint outPoint) {
        return Ids.key(outPoint);
    }
}
