package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SecretBytes;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.ShareRecovery;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.Share;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Other slots' shares of one bad key dealing, until t+1 of them give this slot its own. */
final class Openings implements AutoCloseable {
    private final DealingContext context;
    private final List<Commitment> commitments;
    private final SortedMap<Integer, List<Share>> shares = new TreeMap<>();

    Openings(DealingContext context, List<Commitment> commitments) {
        this.context = context;
        this.commitments = commitments;
    }

    /** False for an opening that does not open the commitments. */
    boolean add(int from, Bytes opening) {
        if (shares.containsKey(from)) {
            return true;
        }
        try (SecretBytes secret = SecretBytes.taking(opening.toArray())) {
            List<Share> opened = Share.readAll(context.sharings(), secret);
            if (Share.allOpen(opened, commitments, from)) {
                shares.put(from, opened);
                return true;
            }
            Share.closeAll(opened);
            return false;
        } catch (CodecException e) {
            return false;
        }
    }

    Optional<List<Share>> recover(int slot) {
        return shares.size() > context.threshold() ? Optional.of(ShareRecovery.at(slot, shares)) : Optional.empty();
    }

    @Override
    public void close() {
        shares.values().forEach(Share::closeAll);
    }
}
