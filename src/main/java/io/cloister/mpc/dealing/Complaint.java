package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.mpc.sharing.DleqProof;
import io.cloister.mpc.sharing.Share;
import java.util.List;
import java.util.Optional;

/**
 * A receiver's proof that an includable dealing gave it a wrong share: S = sk_j*v with a proof that S and PK_j have the
 * same logarithm. Everybody decrypts with S and sees whether the plaintext opens the commitments. It reveals that one
 * dealing's share of that one slot and nothing else.
 *
 * @param instance the instance on the board
 * @param dealer who is complained about
 * @param complainer slot j
 * @param packet commitments part and the complainer's ciphertext, with paths
 * @param shared S
 * @param proof same logarithm for (G, PK_j) and (v, S)
 */
public record Complaint(
        long instance, int dealer, int complainer, ReceiverPacket packet, Point shared, DleqProof proof) {
    private static final String DOMAIN = "cloister/mpc/complaint/v1";

    /** What the public check says. */
    public enum Verdict {
        /** The dealer is at fault. */
        STANDS,
        /** The share is good: the complainer is at fault. */
        FALSE,
        /**
         * Not about the dealing that the board knows, or the shared point is not proved: nothing follows but for the
         * sender.
         */
        INVALID
    }

    public static Complaint make(
            DealingContext context, PublicDealing dealing, ReceiverPacket packet, int complainer, ShareKey key) {
        Point shared = key.power(dealing.ephemeral());
        DleqProof proof = key.prove(
                proofContext(context, dealing.dealer(), complainer),
                new DleqProof.Statement(key.publicKey(), dealing.ephemeral(), shared));
        return new Complaint(context.instance(), dealing.dealer(), complainer, packet.only(complainer), shared, proof);
    }

    /** Judges the complaint against the id that the board included. */
    public Verdict judge(DealingContext context, Bytes dealingId) {
        Optional<ReceiverPacket.Sealed> sealed = packet.forSlot(complainer);
        Optional<DealingContext.Receiver> receiver = context.receiver(complainer);
        if (sealed.isEmpty()
                || receiver.isEmpty()
                || context.instance() != instance
                || !packet.belongsTo(dealingId, context.size())) {
            return Verdict.INVALID;
        }
        PublicDealing dealing;
        try {
            dealing = PublicDealing.decode(packet.publicPart(), context);
            Point key = Point.decode(receiver.get().key());
            DleqProof.Statement statement = new DleqProof.Statement(key, dealing.ephemeral(), shared);
            if (dealing.dealer() != dealer || !proof.verify(proofContext(context, dealer, complainer), statement)) {
                return Verdict.INVALID;
            }
        } catch (CodecException e) {
            return Verdict.INVALID;
        }
        Optional<List<Share>> shares = new DealingVerifier(context)
                .open(dealing, complainer, sealed.get().ciphertext(), shared);
        shares.ifPresent(Share::closeAll);
        return shares.isPresent() ? Verdict.FALSE : Verdict.STANDS;
    }

    public void encode(Writer writer) {
        writer.u64(instance).u16(dealer).u16(complainer);
        packet.encode(writer);
        writer.fixed(shared.encode());
        proof.encode(writer);
    }

    public static Complaint decode(Reader reader) {
        return new Complaint(
                reader.u64(),
                reader.u16(),
                reader.u16(),
                ReceiverPacket.decode(reader, 1),
                Point.decode(reader.fixed(33)),
                DleqProof.decode(reader));
    }

    private static Bytes proofContext(DealingContext context, int dealer, int complainer) {
        return new Writer()
                .string(DOMAIN)
                .bytes(context.digest(dealer))
                .u16(complainer)
                .toBytes();
    }
}
