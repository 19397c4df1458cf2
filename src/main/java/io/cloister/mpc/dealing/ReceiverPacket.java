package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import io.cloister.mpc.Committee;
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

    /** Hashes on the longest path: the leaves are the commitments part and one for each receiver. */
    private static final int MAX_DEPTH = 32 - Integer.numberOfLeadingZeros(Committee.MAX_SIZE);

    /** Bytes of memory that an object of some bytes, or a list of them, takes besides these bytes. */
    private static final int OVERHEAD = 128;

    /** One receiver's ciphertext and the path of its leaf. */
    public record Sealed(int slot, Bytes ciphertext, MerkleTree.Path path) {
        void encode(Writer writer) {
            writer.u16(slot).bytes(ciphertext);
            path.encode(writer);
        }

        static Sealed decode(Reader reader) {
            return new Sealed(reader.u16(), reader.bytes(MAX_CIPHERTEXT), readPath(reader));
        }

        long size() {
            return OVERHEAD + ciphertext.length() + ReceiverPacket.size(path);
        }
    }

    public ReceiverPacket {
        sealed = List.copyOf(sealed);
    }

    /** About how many bytes of memory it takes. */
    public long size() {
        return OVERHEAD
                + publicPart.length()
                + size(publicPath)
                + sealed.stream().mapToLong(Sealed::size).sum();
    }

    private static long size(MerkleTree.Path path) {
        return OVERHEAD + (long) path.siblings().size() * OVERHEAD;
    }

    private static MerkleTree.Path readPath(Reader reader) {
        MerkleTree.Path path = MerkleTree.Path.decode(reader);
        if (path.siblings().size() > MAX_DEPTH) {
            throw new CodecException(Reason.TOO_LONG, path.siblings().size() + " hashes on a dealing's path");
        }
        return path;
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
                reader.bytes(PublicDealing.MAX_LENGTH), readPath(reader), reader.list(maxSealed, Sealed::decode));
    }
}
