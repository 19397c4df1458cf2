package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.List;
import java.util.Optional;

/**
 * What travels of a dealing: its commitments part and some receivers' ciphertexts, each with its path to the dealing's
 * id. Presignature dealings travel with the receiver's own ciphertext, key dealings with all of them.
 *
 * @param publicPart encoding of {@link PublicDealing}
 * @param publicPath path of leaf 0
 * @param sealed the ciphertexts, at most one a slot
 */
public record ReceiverPacket(Bytes publicPart, MerkleTree.Path publicPath, List<Sealed> sealed) {
    private static final int MAX_CIPHERTEXT = 1 << 16;

    /** One receiver's ciphertext and the path of its leaf. */
    public record Sealed(int slot, Bytes ciphertext, MerkleTree.Path path) {
        void encode(Writer writer) {
            writer.u16(slot).bytes(ciphertext);
            path.encode(writer);
        }

        static Sealed decode(Reader reader) {
            return new Sealed(reader.u16(), reader.bytes(MAX_CIPHERTEXT), MerkleTree.Path.decode(reader));
        }
    }

    public ReceiverPacket {
        sealed = List.copyOf(sealed);
    }

    /** Whether every part is a leaf of the dealing with this id, among n receivers. */
    public boolean belongsTo(Bytes dealingId, int receivers) {
        if (!DealingTree.proves(publicPath, 0, receivers, DealingTree.publicLeaf(publicPart), dealingId)) {
            return false;
        }
        for (Sealed one : sealed) {
            Bytes leaf = DealingTree.cipherLeaf(one.slot, one.ciphertext);
            if (!DealingTree.proves(one.path, one.slot, receivers, leaf, dealingId)) {
                return false;
            }
        }
        return sealed.stream().map(Sealed::slot).distinct().count() == sealed.size();
    }

    public Optional<Sealed> forSlot(int slot) {
        return sealed.stream().filter(s -> s.slot == slot).findFirst();
    }

    /** The commitments part with this slot's ciphertext, if the packet has it. */
    public ReceiverPacket only(int slot) {
        return new ReceiverPacket(publicPart, publicPath, forSlot(slot).stream().toList());
    }

    public void encode(Writer writer) {
        writer.bytes(publicPart);
        publicPath.encode(writer);
        writer.list(sealed, (w, s) -> s.encode(w));
    }

    /** @param maxSealed the most ciphertexts that the reader takes */
    public static ReceiverPacket decode(Reader reader, int maxSealed) {
        return new ReceiverPacket(
                reader.bytes(PublicDealing.MAX_LENGTH),
                MerkleTree.Path.decode(reader),
                reader.list(maxSealed, Sealed::decode));
    }
}
