package io.cloister.mpc.dealing;

import io.cloister.crypto.Scalar;
import io.cloister.mpc.sharing.Lagrange;
import io.cloister.mpc.sharing.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Rebuilds a slot's shares of one key dealing from t+1 other slots' openings, after a complaint stood. It is never used
 * for presignature dealings.
 */
public final class ShareRecovery {
    private ShareRecovery() {}

    /**
     * Interpolates at {@code slot}; the openings must have been checked against the commitments and stay the caller's.
     */
    public static List<Share> at(int slot, SortedMap<Integer, List<Share>> openings) {
        List<Scalar> weights = List.copyOf(Lagrange.at(slot, openings.keySet()).values());
        List<Share> recovered = new ArrayList<>();
        int count = openings.firstEntry().getValue().size();
        for (int k = 0; k < count; k++) {
            List<Share> column = new ArrayList<>();
            for (List<Share> shares : openings.values()) {
                column.add(shares.get(k));
            }
            recovered.add(Share.combine(column, weights));
        }
        return recovered;
    }
}
