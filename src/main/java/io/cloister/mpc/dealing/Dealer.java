package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.PossessionProof;
import io.cloister.mpc.sharing.ProductProof;
import io.cloister.mpc.sharing.SecretSharing;
import io.cloister.mpc.sharing.Share;
import io.cloister.mpc.sharing.SharingProof;
import io.cloister.mpc.sharing.UnmaskProof;
import java.util.ArrayList;
import java.util.List;

/** Makes one slot's dealings. Everything secret that it draws is zeroed before it returns. */
public final class Dealer {
    private final DealingContext context;
    private final int slot;

    public Dealer(DealingContext context, int slot) {
        this.context = context;
        this.slot = slot;
    }

    /** The factors of one product: this slot's shares of multiplier and multiplicand, and the commitments to both. */
    public record Factors(
            SecretScalar multiplier, Share multiplicand, Point multiplierPoint, Point multiplicandPoint) {}

    /** Fresh random values of the kinds that the instance wants. */
    public Dealing random() {
        List<SecretSharing> sharings = new ArrayList<>();
        context.sharings().forEach(kind -> sharings.add(SecretSharing.random(kind, context.threshold())));
        return deal(sharings, List.of());
    }

    /**
     * This slot's share of a masked transcript dealt again with simple commitments, A_0 = x_i*G, and the proof that C_i
     * - A_0 is a multiple of H.
     *
     * @param share x_i with its mask
     * @param committed C_i, the transcript's commitment to it
     */
    public Dealing unmask(Share share, Point committed) {
        SecretSharing sharing = SecretSharing.simple(share.value(), context.threshold());
        Point simple = sharing.commitment().constant();
        UnmaskProof proof = UnmaskProof.prove(proofContext(context, slot, 0), committed, simple, share.mask());
        return deal(List.of(sharing), List.of(proof));
    }

    /** Products of own shares, each dealt with a fresh mask and a product proof. */
    public Dealing products(List<Factors> factors) {
        List<SecretSharing> sharings = new ArrayList<>();
        List<SharingProof> proofs = new ArrayList<>();
        for (Factors factor : factors) {
            try (SecretScalar product = factor.multiplier.mul(factor.multiplicand.value());
                    SecretScalar mask = SecretScalar.random()) {
                SecretSharing sharing = SecretSharing.masked(product, mask, context.threshold());
                ProductProof.Statement statement = new ProductProof.Statement(
                        factor.multiplierPoint,
                        factor.multiplicandPoint,
                        sharing.commitment().constant());
                proofs.add(ProductProof.prove(
                        proofContext(context, slot, proofs.size()),
                        statement,
                        factor.multiplier,
                        factor.multiplicand.mask(),
                        mask));
                sharings.add(sharing);
            }
        }
        return deal(sharings, proofs);
    }

    /** What a proof beside sharing {@code index} of a dealer is bound to. */
    static Bytes proofContext(DealingContext context, int dealer, int index) {
        return new Writer().bytes(context.digest(dealer)).u32(index).toBytes();
    }

    private Dealing deal(List<SecretSharing> sharings, List<SharingProof> proofs) {
        try (SecretScalar beta = SecretScalar.random()) {
            Point ephemeral = Point.base(beta);
            PossessionProof possession = PossessionProof.prove(context.digest(slot), beta, ephemeral);
            List<Commitment> commitments =
                    sharings.stream().map(SecretSharing::commitment).toList();
            SharePad pad = new SharePad(context, slot, ephemeral);
            List<Bytes> ciphertexts = new ArrayList<>();
            for (DealingContext.Receiver receiver : context.receivers()) {
                Point shared = Point.decode(receiver.key()).mul(beta);
                List<Share> shares =
                        sharings.stream().map(s -> s.share(receiver.slot())).toList();
                try (SecretBytes plaintext = Share.writeAll(shares)) {
                    ciphertexts.add(pad.encrypt(receiver, shared, plaintext));
                } finally {
                    Share.closeAll(shares);
                }
            }
            return new Dealing(new PublicDealing(slot, ephemeral, possession, commitments, proofs), ciphertexts);
        } finally {
            sharings.forEach(SecretSharing::close);
        }
    }
}
