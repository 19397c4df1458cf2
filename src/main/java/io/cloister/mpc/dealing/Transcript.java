package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Scalar;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.Lagrange;
import io.cloister.mpc.sharing.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The public outcome of an instance, equal on every honest node: the set of dealings that the blocks fixed, and the
 * combined commitments.
 *
 * @param dealings dealer to dealing id
 * @param commitments one for each sharing of the instance
 * @param hash 32 bytes over instance, dealings and commitments
 */
public record Transcript(SortedMap<Integer, Bytes> dealings, List<Commitment> commitments, Bytes hash) {
    private static final String DOMAIN = "cloister/mpc/transcript/v1";

    public Transcript {
        dealings = new TreeMap<>(dealings);
        commitments = List.copyOf(commitments);
    }

    /**
     * Combines exactly the set that the blocks fixed.
     *
     * @param ids dealing id of each dealer in the set
     * @param parts the checked commitments part of each, for the same dealers
     */
    public static Transcript combine(
            DealingContext context, SortedMap<Integer, Bytes> ids, SortedMap<Integer, PublicDealing> parts) {
        if (!ids.keySet().equals(parts.keySet())) {
            throw new IllegalArgumentException("dealings " + ids.keySet() + " with parts of " + parts.keySet());
        }
        List<Scalar> weights = weights(context.kind(), ids);
        List<Commitment> combined = new ArrayList<>();
        for (int k = 0; k < context.sharings().size(); k++) {
            List<Commitment> column = new ArrayList<>();
            for (PublicDealing part : parts.values()) {
                column.add(part.commitments().get(k));
            }
            combined.add(Commitment.combine(column, weights));
        }
        Writer writer = new Writer().string(DOMAIN).bytes(context.instanceDigest());
        writer.list(ids.entrySet(), (w, e) -> w.u16(e.getKey()).bytes(e.getValue()));
        writer.list(combined, (w, c) -> w.list(c.points(), (ww, p) -> ww.fixed(p.encode())));
        return new Transcript(ids, combined, Hashes.sha256(writer.toBytes()));
    }

    /** A slot's shares of the outcome; the caller keeps the parts and closes the result. */
    public static List<Share> combineShares(InstanceKind kind, SortedMap<Integer, List<Share>> parts) {
        List<Scalar> weights = weights(kind, parts);
        List<Share> combined = new ArrayList<>();
        int count = parts.firstEntry().getValue().size();
        for (int k = 0; k < count; k++) {
            List<Share> column = new ArrayList<>();
            for (List<Share> shares : parts.values()) {
                column.add(shares.get(k));
            }
            combined.add(Share.combine(column, weights));
        }
        return combined;
    }

    private static List<Scalar> weights(InstanceKind kind, SortedMap<Integer, ?> dealers) {
        if (kind.interpolated()) {
            return List.copyOf(Lagrange.atZero(dealers.keySet()).values());
        }
        return dealers.keySet().stream().map(d -> Scalar.ONE).toList();
    }
}
