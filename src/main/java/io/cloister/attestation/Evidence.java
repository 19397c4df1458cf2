package io.cloister.attestation;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.MerkleTree;

/**
 * A report and all that is needed to judge it without asking anybody.
 *
 * @param report the platform's attestation report, at most 4,096 bytes
 * @param keys the boot key set that it binds
 * @param leaf the leaf that it was made for
 * @param path the leaf's path to the root that the report binds
 * @param collateral the certificates behind the report
 */
public record Evidence(Bytes report, BootKeySet keys, Leaf leaf, MerkleTree.Path path, Collateral collateral) {
    /** Bytes of an encoding, at most. */
    public static final int MAX_SIZE = 64 * 1024;

    private static final int MAX_REPORT = 4096;
    private static final int KIND_SNP = 1;

    public Evidence {
        if (report.length() > MAX_REPORT) {
            throw new CodecException(Reason.TOO_LONG, "a report of " + report.length() + " bytes");
        }
    }

    /** u8 kind (1 = SEV-SNP), report, key set, leaf, path, collateral. */
    public void encode(Writer writer) {
        writer.u8(KIND_SNP).bytes(report);
        keys.encode(writer);
        leaf.encode(writer);
        path.encode(writer);
        collateral.encode(writer);
    }

    public Bytes encode() {
        Writer writer = new Writer();
        encode(writer);
        return writer.toBytes();
    }

    /** @throws CodecException UNKNOWN for evidence of another kind, and the codec's own reasons */
    public static Evidence decode(Reader reader) {
        int kind = reader.u8();
        if (kind != KIND_SNP) {
            throw new CodecException(Reason.UNKNOWN, "evidence of kind " + kind + " is not known");
        }
        return new Evidence(
                reader.bytes(MAX_REPORT),
                BootKeySet.decode(reader),
                Leaf.decode(reader),
                MerkleTree.Path.decode(reader),
                Collateral.decode(reader));
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
