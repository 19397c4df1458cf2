package io.cloister.multichain;

/**
 * How many confirmations a payment needs: a floor, and one more for each further {@code amountPerConfirmation} of
 * value, so that undoing a large payment costs its author more blocks. A block with {@code floor} confirmations counts
 * as final for observations.
 *
 * @param floor confirmations every payment needs, at least 1 (1 = being in the tip)
 * @param amountPerConfirmation value one block is trusted with, in the chain's smallest unit
 * @param cap most confirmations ever asked for
 */
public record ConfirmationPolicy(int floor, long amountPerConfirmation, int cap) {
    public ConfirmationPolicy {
        if (floor < 1 || amountPerConfirmation < 1 || cap < floor) {
            throw new IllegalArgumentException("confirmations: floor >= 1, amount >= 1, cap >= floor");
        }
    }

    /** Confirmations a payment of this value needs. */
    public int required(long amount) {
        long steps = Math.ceilDiv(Math.max(amount, 0), amountPerConfirmation);
        return (int) Math.min(cap, Math.max(floor, steps));
    }
}
