package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.PossessionProof;
import io.cloister.mpc.sharing.ProductProof;
import io.cloister.mpc.sharing.SharingProof;
import io.cloister.mpc.sharing.UnmaskProof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Honest dealings turned into what a faulty dealer would send. */
public final class EvilDealings {
    private EvilDealings() {}

    /** Shares that do not open the commitments, for these slots. */
    public static Dealing wrongShares(Dealing dealing, Set<Integer> slots) {
        List<Bytes> ciphertexts = new ArrayList<>(dealing.ciphertexts());
        for (int slot : slots) {
            byte[] changed = ciphertexts.get(slot - 1).toArray();
            changed[31] ^= 1;
            ciphertexts.set(slot - 1, Bytes.wrap(changed));
        }
        return new Dealing(dealing.publicPart(), ciphertexts);
    }

    /** A first scalar that is not below the group order, for one slot. */
    public static Dealing nonCanonicalShare(Dealing dealing, DealingContext context, ShareKey receiver, int slot) {
        SharePad pad = new SharePad(
                context, dealing.publicPart().dealer(), dealing.publicPart().ephemeral());
        Point shared = receiver.power(dealing.publicPart().ephemeral());
        byte[] plain = new byte[dealing.ciphertexts().get(slot - 1).length()];
        Arrays.fill(plain, (byte) 0xff);
        List<Bytes> ciphertexts = new ArrayList<>(dealing.ciphertexts());
        try (SecretBytes all = SecretBytes.taking(plain)) {
            ciphertexts.set(slot - 1, pad.encrypt(context.receiver(slot).orElseThrow(), shared, all));
        }
        return new Dealing(dealing.publicPart(), ciphertexts);
    }

    /** One coefficient more or less than t+1. */
    public static Dealing otherDegree(Dealing dealing, int more) {
        List<Commitment> commitments = dealing.publicPart().commitments().stream()
                .map(c -> {
                    List<Point> points = new ArrayList<>(c.points());
                    if (more > 0) {
                        points.add(Point.G);
                    } else {
                        points.removeLast();
                    }
                    return new Commitment(c.kind(), points);
                })
                .toList();
        return withPublic(dealing, commitments, dealing.publicPart().proofs());
    }

    /** The right dealing with a proof of something else. */
    public static Dealing badProofs(Dealing dealing) {
        List<SharingProof> proofs = new ArrayList<>();
        for (SharingProof proof : dealing.publicPart().proofs()) {
            proofs.add(
                    switch (proof) {
                        case UnmaskProof p ->
                            new UnmaskProof(p.challenge(), p.response().add(Scalar.ONE));
                        case ProductProof p ->
                            new ProductProof(p.challenge(), p.first().add(Scalar.ONE), p.second());
                    });
        }
        return withPublic(dealing, dealing.publicPart().commitments(), proofs);
    }

    /** A value that is not the one that the dealer must deal: the constant commitments moved by G. */
    public static Dealing otherValue(Dealing dealing) {
        List<Commitment> commitments = dealing.publicPart().commitments().stream()
                .map(c -> {
                    List<Point> points = new ArrayList<>(c.points());
                    points.set(0, points.getFirst().add(Point.G));
                    return new Commitment(c.kind(), points);
                })
                .toList();
        return withPublic(dealing, commitments, dealing.publicPart().proofs());
    }

    /** An ephemeral that the dealer has no logarithm of: somebody else's. */
    public static Dealing foreignEphemeral(Dealing dealing, Bytes context) {
        try (SecretScalar other = SecretScalar.random()) {
            PublicDealing p = dealing.publicPart();
            Point stolen = Point.base(other).add(Point.G);
            PossessionProof proof = PossessionProof.prove(context, other, stolen);
            return new Dealing(
                    new PublicDealing(p.dealer(), stolen, proof, p.commitments(), p.proofs()), dealing.ciphertexts());
        }
    }

    /** Two receivers' ciphertexts changed places. */
    public static Dealing swappedCiphertexts(Dealing dealing, int one, int other) {
        List<Bytes> ciphertexts = new ArrayList<>(dealing.ciphertexts());
        Collections.swap(ciphertexts, one - 1, other - 1);
        return new Dealing(dealing.publicPart(), ciphertexts);
    }

    private static Dealing withPublic(Dealing dealing, List<Commitment> commitments, List<SharingProof> proofs) {
        PublicDealing p = dealing.publicPart();
        return new Dealing(
                new PublicDealing(p.dealer(), p.ephemeral(), p.possession(), commitments, proofs),
                dealing.ciphertexts());
    }
}
