package io.cloister.multichain;

import java.math.BigInteger;
import java.util.List;

/**
 * A chain of the Bitcoin family.
 *
 * @param genesis hash of the first block as explorers show it: what tells the chain from every other
 * @param hrp human-readable part of segregated-witness addresses (BIP-173)
 * @param p2pkhPrefix version byte of pay-to-key-hash addresses
 * @param p2shPrefixes version bytes of pay-to-script-hash addresses; the first is the one written
 * @param relativeTimelock whether the chain enforces BIP-68 and BIP-112
 * @param recoverySequence relative lock of the guardian branch as an input sequence (BIP-68); 0 for NONE
 * @param powLimit easiest allowed target
 * @param dustRate units per 1000 virtual bytes that the chain's nodes count when they call an output dust
 * @param minimumFeeRate floor for fee rates, units per 1000 virtual bytes
 * @param maximumFeeRate cap for fee rates, units per 1000 virtual bytes
 */
public record BitcoinProfile(
        String name,
        String selectorName,
        String genesis,
        String hrp,
        int p2pkhPrefix,
        List<Integer> p2shPrefixes,
        RelativeTimelock relativeTimelock,
        long recoverySequence,
        ProofOfWork proofOfWork,
        BigInteger powLimit,
        ConfirmationPolicy confirmations,
        long dustRate,
        long minimumFeeRate,
        long maximumFeeRate,
        boolean regtest)
        implements ChainProfile {

    /** One week in units of 512 seconds of median time past, with the time flag: 1182 | 1 << 22 (BIP-68). */
    public static final long ONE_WEEK_SEQUENCE = 0x0040049EL;

    /** Whether a chain can hold an output back for a time counted from its confirmation. */
    public enum RelativeTimelock {
        CSV,
        NONE
    }

    /** The function whose value must not exceed the target; block ids are double SHA-256 in either case. */
    public enum ProofOfWork {
        DOUBLE_SHA256,
        /** scrypt(header, header, N = 1024, r = 1, p = 1), 32 bytes, as Litecoin has it. */
        SCRYPT
    }

    public BitcoinProfile {
        p2shPrefixes = List.copyOf(p2shPrefixes);
        if ((relativeTimelock == RelativeTimelock.CSV) != (recoverySequence != 0)) {
            throw new IllegalArgumentException("a recovery sequence goes with CSV and with nothing else");
        }
        if (minimumFeeRate < 1 || maximumFeeRate < minimumFeeRate) {
            throw new IllegalArgumentException("fee rates: 1 <= minimum <= maximum");
        }
    }
}
