package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import io.cloister.mpc.Fault;
import io.cloister.mpc.sharing.ProductProof;
import io.cloister.mpc.sharing.Share;
import io.cloister.mpc.sharing.UnmaskProof;
import java.util.List;
import java.util.Optional;

/** Checks dealings of one instance: first what anybody can check, then one's own shares. */
public final class DealingVerifier {
    private final DealingContext context;

    public DealingVerifier(DealingContext context) {
        this.context = context;
    }

    /** Either a dealing that is right in public, or what is wrong with it. */
    public sealed interface Checked {
        record Good(PublicDealing dealing) implements Checked {}

        record Bad(Fault fault) implements Checked {}
    }

    /**
     * Everything that anybody can check, cheapest first: paths, encoding and vector lengths, dealer, possession,
     * proofs.
     *
     * @param dealer the slot that claims this dealing
     */
    public Checked check(int dealer, Bytes dealingId, ReceiverPacket packet, Basis basis) {
        if (!packet.belongsTo(dealingId, context.size())) {
            return new Checked.Bad(Fault.BAD_PATH);
        }
        PublicDealing dealing;
        try {
            dealing = PublicDealing.decode(packet.publicPart(), context);
        } catch (CodecException e) {
            return new Checked.Bad(Fault.MALFORMED);
        }
        if (dealing.dealer() != dealer || context.receiver(dealer).isEmpty()) {
            return new Checked.Bad(Fault.NOT_A_DEALER);
        }
        int length = context.sharings().stream().mapToInt(k -> k.shareLength()).sum();
        if (packet.sealed().stream().anyMatch(s -> s.ciphertext().length() != length)) {
            return new Checked.Bad(Fault.MALFORMED);
        }
        if (!dealing.possession().verify(context.digest(dealer), dealing.ephemeral())) {
            return new Checked.Bad(Fault.BAD_POSSESSION);
        }
        return proofsHold(dealing, basis) ? new Checked.Good(dealing) : new Checked.Bad(Fault.BAD_PROOF);
    }

    /** Decrypts the shares of a slot; empty when they do not open the commitments, which is ground for a complaint. */
    public Optional<List<Share>> open(PublicDealing dealing, int slot, Bytes ciphertext, ShareKey key) {
        return open(dealing, slot, ciphertext, key.power(dealing.ephemeral()));
    }

    /** The same with the shared point, as a complaint reveals it. */
    Optional<List<Share>> open(PublicDealing dealing, int slot, Bytes ciphertext, Point shared) {
        DealingContext.Receiver receiver = context.receiver(slot).orElseThrow();
        SharePad pad = new SharePad(context, dealing.dealer(), dealing.ephemeral());
        try (SecretBytes plaintext = pad.decrypt(receiver, shared, ciphertext)) {
            List<Share> shares = Share.readAll(context.sharings(), plaintext);
            if (Share.allOpen(shares, dealing.commitments(), slot)) {
                return Optional.of(shares);
            }
            Share.closeAll(shares);
            return Optional.empty();
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    private boolean proofsHold(PublicDealing dealing, Basis basis) {
        int dealer = dealing.dealer();
        return switch (basis) {
            case Basis.Nothing n -> dealing.proofs().isEmpty();
            case Basis.Unmasking unmasking ->
                dealing.proofs().size() == 1
                        && dealing.proofs().getFirst() instanceof UnmaskProof proof
                        && proof.verify(
                                Dealer.proofContext(context, dealer, 0),
                                unmasking.committed(),
                                dealing.commitments().getFirst().constant());
            case Basis.Products products -> productsHold(dealing, products);
        };
    }

    private boolean productsHold(PublicDealing dealing, Basis.Products products) {
        int count = dealing.commitments().size();
        if (dealing.proofs().size() != count || products.multipliers().size() != count) {
            return false;
        }
        for (int k = 0; k < count; k++) {
            ProductProof.Statement statement = new ProductProof.Statement(
                    products.multipliers().get(k),
                    products.multiplicands().get(k),
                    dealing.commitments().get(k).constant());
            if (!(dealing.proofs().get(k) instanceof ProductProof proof)
                    || !proof.verify(Dealer.proofContext(context, dealing.dealer(), k), statement)) {
                return false;
            }
        }
        return true;
    }
}
