package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.PossessionProof;
import io.cloister.mpc.sharing.ProductProof;
import io.cloister.mpc.sharing.SharingKind;
import io.cloister.mpc.sharing.SharingProof;
import io.cloister.mpc.sharing.UnmaskProof;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a dealing that everybody can check.
 *
 * @param dealer slot of the dealer
 * @param ephemeral v = beta*G, one for all ciphertexts
 * @param possession proof of knowledge of beta
 * @param commitments one for each sharing, t+1 points each
 * @param proofs one for each sharing where the kind has proofs, else none
 */
public record PublicDealing(
        int dealer,
        Point ephemeral,
        PossessionProof possession,
        List<Commitment> commitments,
        List<SharingProof> proofs) {
    /** A commitments part is never longer; the widest allowed dealing of the largest committee fits. */
    public static final int MAX_LENGTH = 1 << 20;

    public PublicDealing {
        commitments = List.copyOf(commitments);
        proofs = List.copyOf(proofs);
    }

    /** Bytes of the encoding of every right dealing of an instance. */
    public static int encodedLength(DealingContext context) {
        int sharings = context.sharings().size();
        int proof = switch (context.kind()) {
            case KEY_RANDOM, PRESIGN_RANDOM -> 0;
            case KEY_UNMASK -> 64;
            case PRESIGN_PRODUCT -> 96;
        };
        return 2 + 33 + 64 + sharings * (2 + 33 * (context.threshold() + 1) + proof);
    }

    public Bytes encode() {
        Writer writer = new Writer().u16(dealer).fixed(ephemeral.encode());
        possession.encode(writer);
        for (Commitment commitment : commitments) {
            writer.u16(commitment.points().size());
            commitment.encode(writer);
        }
        proofs.forEach(proof -> proof.encode(writer));
        return writer.toBytes();
    }

    /**
     * Reads the dealing that an instance expects: the number of sharings and the degree are fixed by it.
     *
     * @throws CodecException OUT_OF_RANGE for a vector that does not have exactly t+1 points; any other reason for
     *     bytes that are not the one encoding
     */
    public static PublicDealing decode(Bytes encoded, DealingContext context) {
        Reader reader = new Reader(encoded);
        int dealer = reader.u16();
        Point ephemeral = Point.decode(reader.fixed(33));
        PossessionProof possession = PossessionProof.decode(reader);
        List<Commitment> commitments = new ArrayList<>();
        for (SharingKind kind : context.sharings()) {
            int count = reader.u16();
            if (count != context.threshold() + 1) {
                throw new CodecException(
                        Reason.OUT_OF_RANGE, count + " coefficients where t+1 is " + (context.threshold() + 1));
            }
            commitments.add(Commitment.decode(reader, kind, count));
        }
        List<SharingProof> proofs = new ArrayList<>();
        if (context.kind().interpolated()) {
            for (int k = 0; k < commitments.size(); k++) {
                proofs.add(
                        context.kind() == InstanceKind.KEY_UNMASK
                                ? UnmaskProof.decode(reader)
                                : ProductProof.decode(reader));
            }
        }
        reader.end();
        return new PublicDealing(dealer, ephemeral, possession, commitments, proofs);
    }
}
