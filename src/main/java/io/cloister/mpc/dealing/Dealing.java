package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole dealing as its dealer holds it.
 *
 * @param publicPart what everybody can check
 * @param ciphertexts for slot 1, 2, ..., n
 */
public record Dealing(PublicDealing publicPart, List<Bytes> ciphertexts) {
    public Dealing {
        ciphertexts = List.copyOf(ciphertexts);
    }

    /** Root over the commitments part and each receiver's ciphertext. */
    public Bytes id() {
        return MerkleTree.rootOfHashes(DealingTree.leafHashes(publicPart.encode(), ciphertexts));
    }

    /** The commitments part and one receiver's own ciphertext. */
    public ReceiverPacket packetFor(int slot) {
        return packet(List.of(slot));
    }

    /** The commitments part and all ciphertexts. */
    public ReceiverPacket wholePacket() {
        return packet(IntStream.rangeClosed(1, ciphertexts.size()).boxed().toList());
    }

    /** For the dealer's own store. */
    public Bytes encode() {
        return new Writer()
                .bytes(publicPart.encode())
                .list(ciphertexts, Writer::bytes)
                .toBytes();
    }

    /** @throws CodecException when it is no dealing of this instance */
    public static Dealing decode(Bytes encoded, DealingContext context) {
        Reader reader = new Reader(encoded);
        Dealing dealing = new Dealing(
                PublicDealing.decode(reader.bytes(PublicDealing.MAX_LENGTH), context),
                reader.list(context.size(), r -> r.bytes(PublicDealing.MAX_LENGTH)));
        reader.end();
        return dealing;
    }

    private ReceiverPacket packet(List<Integer> slots) {
        Bytes encoded = publicPart.encode();
        List<Bytes> hashes = DealingTree.leafHashes(encoded, ciphertexts);
        List<ReceiverPacket.Sealed> sealed = slots.stream()
                .map(j -> new ReceiverPacket.Sealed(j, ciphertexts.get(j - 1), MerkleTree.pathOfHashes(hashes, j)))
                .toList();
        return new ReceiverPacket(encoded, MerkleTree.pathOfHashes(hashes, 0), sealed);
    }
}
