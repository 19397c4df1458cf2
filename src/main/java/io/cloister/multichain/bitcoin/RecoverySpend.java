package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.bitcoin.ReleaseRefused.Reason;
import java.util.List;

/**
 * What guardians build after a week of silence: all coins of one lock to one output, each input waiting out its
 * relative lock. Needs nothing that only the committee knows.
 */
public final class RecoverySpend {
    private RecoverySpend() {}

    /**
     * The unsigned recovery of these coins.
     *
     * @param fee for the miner, in the chain's smallest unit
     * @throws ReleaseRefused TOO_MANY_INPUTS, or PAYOUT_IS_DUST when too little would be left
     */
    public static GatewaySpend of(BitcoinProfile profile, List<GatewayCoin> coins, Bytes destination, long fee) {
        if (coins.isEmpty() || coins.size() > GatewaySpend.MAX_INPUTS) {
            throw new ReleaseRefused(Reason.TOO_MANY_INPUTS, coins.size() + " coins in one recovery");
        }
        long sequence = coins.getFirst().gateway().recoverySequence();
        if (coins.stream().anyMatch(coin -> coin.gateway().recoverySequence() != sequence)) {
            throw new IllegalArgumentException("coins of one recovery share their relative lock");
        }
        long value = coins.stream().mapToLong(GatewayCoin::value).reduce(0, Math::addExact) - fee;
        if (value < FeePolicy.dust(profile, destination)) {
            throw new ReleaseRefused(Reason.PAYOUT_IS_DUST, "a recovery of " + value + " is dust");
        }
        return GatewaySpend.of(coins, List.of(new TxOutput(value, destination)), sequence);
    }
}
