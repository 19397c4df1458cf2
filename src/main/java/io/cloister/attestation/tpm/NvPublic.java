package io.cloister.attestation.tpm;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * TPMS_NV_PUBLIC: what an NV index is.
 *
 * @param attributes TPMA_NV
 * @param size bytes of data
 */
public record NvPublic(long index, int nameAlgorithm, long attributes, Bytes policy, int size) {
    private static final long OWNER_WRITE = 1L << 1;
    private static final long AUTH_WRITE = 1L << 2;
    private static final long OWNER_READ = 1L << 17;
    private static final long AUTH_READ = 1L << 18;
    private static final long NO_DICTIONARY_ATTACK_PROTECTION = 1L << 25;
    private static final long WRITTEN = 1L << 29;
    private static final int MAX_POLICY = 64;

    /** An index that owner and everybody without a password may read and write. */
    static NvPublic open(long index, int size) {
        return new NvPublic(
                index,
                TpmHash.SHA256.id,
                OWNER_WRITE | AUTH_WRITE | OWNER_READ | AUTH_READ | NO_DICTIONARY_ATTACK_PROTECTION,
                Bytes.EMPTY,
                size);
    }

    public boolean written() {
        return (attributes & WRITTEN) != 0;
    }

    /** The handle under whose empty password the index is read: the owner's where allowed, else its own. */
    long reader() {
        return (attributes & OWNER_READ) != 0 ? Tpm.OWNER : index;
    }

    long writer() {
        return (attributes & OWNER_WRITE) != 0 ? Tpm.OWNER : index;
    }

    static NvPublic decode(Bytes raw) {
        Reader in = new Reader(raw);
        NvPublic read = new NvPublic(in.u32(), in.u16(), in.u32(), Marshal.sized(in, MAX_POLICY), in.u16());
        in.end();
        return read;
    }

    Bytes encode() {
        Writer out = new Writer().u32(index).u16(nameAlgorithm).u32(attributes);
        return Marshal.sized(out, policy).u16(size).toBytes();
    }
}
