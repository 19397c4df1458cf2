package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BitcoinProfile;
import java.util.List;

/** Sizes, fees and dust limits in whole numbers, the same at every node. */
public final class FeePolicy {
    /** DER of a low-s signature at its longest (71) and the byte SIGHASH_ALL. */
    private static final int MAX_SIGNATURE = 72;

    /** What spending an output is counted at when nodes call it dust: bytes, with and without segregated witness. */
    private static final int WITNESS_SPEND = 67;

    private static final int LEGACY_SPEND = 148;

    private FeePolicy() {}

    /** A fee rate brought between the chain's floor and cap. */
    public static long clamp(BitcoinProfile profile, long ratePerKvb) {
        return Math.clamp(ratePerKvb, profile.minimumFeeRate(), profile.maximumFeeRate());
    }

    /** Fee of a transaction of that size: rate per 1000 virtual bytes, rounded up. */
    public static long fee(long virtualSize, long ratePerKvb) {
        return Math.ceilDiv(Math.multiplyExact(virtualSize, ratePerKvb), 1000L);
    }

    /**
     * Virtual bytes of a committee's spend of these coins to these scripts, at most a byte for each input more than it
     * turns out to have.
     */
    public static long virtualSize(List<GatewayCoin> coins, List<Bytes> outputScripts) {
        long base = 8 + compactLength(coins.size()) + compactLength(outputScripts.size()) + 41L * coins.size();
        for (Bytes script : outputScripts) {
            base += 8 + compactLength(script.length()) + script.length();
        }
        long witness = 2;
        for (GatewayCoin coin : coins) {
            int script = coin.gateway().script().length();
            witness += 1 + 1 + MAX_SIGNATURE + 2 + compactLength(script) + script;
        }
        return Math.ceilDiv(4 * base + witness, 4L);
    }

    private static int compactLength(int value) {
        return value < 0xfd ? 1 : value < 0x1_0000 ? 3 : 5;
    }

    /** The least value an output with this script may have on this chain. */
    public static long dust(BitcoinProfile profile, Bytes script) {
        boolean witness = script.length() >= 4
                && (script.at(0) == 0 || script.at(0) >= 0x51 && script.at(0) <= 0x60)
                && script.at(1) == script.length() - 2;
        long size = 8L + compactLength(script.length()) + script.length() + (witness ? WITNESS_SPEND : LEGACY_SPEND);
        return size * profile.dustRate() / 1000;
    }
}
