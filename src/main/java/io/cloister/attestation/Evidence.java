package io.cloister.attestation;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;

/**
 * What a platform says and all that is needed to judge it without asking anybody.
 *
 * @param hardware binds the boot keys and the leaf's tree
 * @param keys the boot key set that it binds
 * @param leaf the leaf that it was made for
 * @param path the leaf's path to the root that it binds
 */
public record Evidence(HardwareEvidence hardware, BootKeySet keys, Leaf leaf, MerkleTree.Path path) {
    /** Bytes of an encoding, at most. */
    public static final int MAX_SIZE = 64 * 1024;

    /** Hardware evidence, key set, leaf, path. */
    public void encode(Writer writer) {
        hardware.encode(writer);
        keys.encode(writer);
        leaf.encode(writer);
        path.encode(writer);
    }

    public Bytes encode() {
        Writer writer = new Writer();
        encode(writer);
        return writer.toBytes();
    }

    /** @throws CodecException UNKNOWN for evidence of another kind, and the codec's own reasons */
    public static Evidence decode(Reader reader) {
        return new Evidence(
                HardwareEvidence.decode(reader),
                BootKeySet.decode(reader),
                Leaf.decode(reader),
                MerkleTree.Path.decode(reader));
    }

    /** Reads one encoding and nothing behind it. */
    public static Evidence decode(Bytes encoded) {
        if (encoded.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "evidence of " + encoded.length() + " bytes");
        }
        Reader reader = new Reader(encoded);
        Evidence evidence = decode(reader);
        reader.end();
        return evidence;
    }
}
