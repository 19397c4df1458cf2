package io.cloister.bridge;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.math.BigInteger;
import java.util.stream.LongStream;

/**
 * The numbers of an asset. In every block {@code locked + deficit = minted + feesOwed + inFlight}, and the deficit is
 * zero unless outputs were spent that the ledger did not order.
 *
 * @param locked in outputs that the shard can spend
 * @param minted what signatures have allowed to mint, less what was burnt
 * @param feesOwed bridge fees
 * @param inFlight accepted deposits without a signature, burns without a final release, and what planned releases take
 *     out of the fees
 * @param deficit what is missing because of spends that the ledger did not order; the asset is paused then
 * @param surplus of the fees, what payments to the vault brought beyond what was missing; it makes up for later losses
 */
public record Accounts(long locked, long minted, long feesOwed, long inFlight, long deficit, long surplus) {
    static final Accounts ZERO = new Accounts(0, 0, 0, 0, 0, 0);

    boolean balanced() {
        boolean none = locked < 0 || minted < 0 || feesOwed < 0 || inFlight < 0 || deficit < 0 || surplus < 0;
        return !none && sum(locked, deficit).equals(sum(minted, feesOwed, inFlight));
    }

    /** Whatever the numbers are: a sum that does not fit is no reason to leave the accounts unchecked. */
    private static BigInteger sum(long... numbers) {
        return LongStream.of(numbers).mapToObj(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
    }

    Accounts deposited(long amount, long fee) {
        return new Accounts(locked + amount, minted, feesOwed + fee, inFlight + amount - fee, deficit, surplus);
    }

    Accounts mintSigned(long net) {
        return new Accounts(locked, minted + net, feesOwed, inFlight - net, deficit, surplus);
    }

    Accounts burnt(long amount, long fee) {
        return new Accounts(locked, minted - amount, feesOwed + fee, inFlight + amount - fee, deficit, surplus);
    }

    /**
     * A release is planned.
     *
     * @param absorbed change too small for an output, which the bridge gives to the miner out of its fees; set aside at
     *     once, so that two releases cannot give away the same fees
     */
    Accounts planned(long absorbed) {
        return new Accounts(locked, minted, feesOwed - absorbed, inFlight + absorbed, deficit, surplus);
    }

    /** The output to the user, the miner's fee and what was absorbed have left for good. */
    Accounts released(long gone, long absorbed) {
        return new Accounts(locked - gone - absorbed, minted, feesOwed, inFlight - gone - absorbed, deficit, surplus);
    }

    /** A deposit is given back before its mint was ordered. Of its fee may be missing what was spent of it. */
    Accounts refunded(long amount, long fee) {
        long kept = Math.min(fee, feesOwed);
        return new Accounts(
                locked - amount, minted, feesOwed - kept, inFlight - amount + fee, deficit + fee - kept, surplus);
    }

    /**
     * An output was spent that the ledger did not order. What payments to the vault brought too much before makes up for
     * it, so that it is all the same in which order the two are reported.
     */
    Accounts lost(long amount) {
        long covered = Math.min(amount, Math.min(surplus, feesOwed));
        return new Accounts(
                locked - amount, minted, feesOwed - covered, inFlight, deficit + amount - covered, surplus - covered);
    }

    /** The vault was paid by somebody who wants nothing for it. */
    Accounts recapitalised(long amount) {
        long filled = Math.min(amount, deficit);
        long more = amount - filled;
        return new Accounts(locked + amount, minted, feesOwed + more, inFlight, deficit - filled, surplus + more);
    }

    void encode(Writer out) {
        out.u64(locked).u64(minted).u64(feesOwed).u64(inFlight).u64(deficit).u64(surplus);
    }

    static Accounts decode(Reader in) {
        return new Accounts(in.u64(), in.u64(), in.u64(), in.u64(), in.u64(), in.u64());
    }
}
