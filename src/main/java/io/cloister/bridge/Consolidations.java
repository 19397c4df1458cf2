package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Context;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.bitcoin.FeePolicy;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewaySpend;
import io.cloister.multichain.bitcoin.Release;
import java.util.List;
import java.util.Optional;

/**
 * Joins the largest free outputs into one when a burn needs more of them than a transaction can have inputs. The miner's
 * fee is paid out of the fees owed. It is a transfer of nothing: its release has change only.
 */
final class Consolidations {
    private static final int LEAST = 2;

    private Consolidations() {}

    /**
     * The joining of as many outputs as the fees owed can pay for.
     *
     * @param owed what the waiting release needs
     * @param most inputs at most: signatures that can be ordered now
     */
    static Optional<Release> plan(BitcoinProfile profile, Purse purse, long owed, long rate, long feesOwed, int most) {
        if (purse.total() < owed) {
            return Optional.empty();
        }
        Bytes script = purse.vault().output();
        long dust = FeePolicy.dust(profile, script);
        for (int count = most; count >= LEAST; count /= 2) {
            List<GatewayCoin> coins = purse.largest(count);
            long fee = FeePolicy.fee(FeePolicy.virtualSize(coins, List.of(script)), rate);
            long sum = coins.stream().mapToLong(GatewayCoin::value).sum();
            if (fee <= feesOwed && sum - fee >= dust) {
                return Optional.of(Release.join(coins, purse.vault(), fee));
            }
        }
        return Optional.empty();
    }

    /**
     * How many inputs a joining may have: as many as can be signed at once, and none before half of the queue is free,
     * for it is ordered whole or not at all.
     */
    static int mostInputs(int room, int wholeRoom) {
        int most = Math.min(GatewaySpend.MAX_INPUTS, wholeRoom);
        return 2 * room < most ? 0 : Math.min(room, most);
    }

    /** Named by its transaction, so that the same plan made anew asks for the same signatures. */
    static Transfer transfer(Asset asset, Release release, Bytes vaultScript, Context context) {
        return new Transfer(
                Ids.consolidation(asset, release.txid()),
                asset.symbol(),
                0,
                0,
                0,
                0,
                vaultScript,
                0,
                0,
                Transfer.State.WAITING,
                Optional.empty(),
                List.of(),
                Bytes.EMPTY,
                context.height());
    }
}
