package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;

/**
 * SHA-256 of what a host boots directly; the firmware refuses files with others (QEMU, target/i386/sev.c).
 *
 * @param kernel digest of the kernel's file, 32 bytes
 * @param initrd digest of the initrd's file, of no bytes without one
 * @param commandLine digest of the kernel's command line with a zero byte behind it
 */
public record KernelHashes(Bytes kernel, Bytes initrd, Bytes commandLine) {
    /** Most bytes of a command line. */
    public static final int MAX_COMMAND_LINE = 4096;

    private static final Bytes TABLE = OvmfTable.guid("9438d6064f224cc9b479a793d411fd21");
    private static final Bytes COMMAND_LINE = OvmfTable.guid("97d02dd8bd204c94aa78e7714d36ab2a");
    private static final Bytes INITRD = OvmfTable.guid("44baf7313a2f4bd79af141e29169781d");
    private static final Bytes KERNEL = OvmfTable.guid("4de79437abd2427fb835d5b172d2045b");
    private static final int DIGEST_SIZE = 32;
    private static final int ENTRY_SIZE = 16 + 2 + DIGEST_SIZE;
    private static final int TABLE_SIZE = 16 + 2 + 3 * ENTRY_SIZE;

    public KernelHashes {
        for (Bytes digest : new Bytes[] {kernel, initrd, commandLine}) {
            if (digest.length() != DIGEST_SIZE) {
                throw new CodecException(Reason.OUT_OF_RANGE, "a SHA-256 digest of " + digest.length() + " bytes");
            }
        }
    }

    /**
     * The hashes of files.
     *
     * @param initrd empty when there is none
     * @throws CodecException TOO_LONG above {@link #MAX_COMMAND_LINE}, BAD_TEXT for a command line with a zero byte
     */
    public static KernelHashes of(Bytes kernel, Bytes initrd, String commandLine) {
        return new KernelHashes(Hashes.sha256(kernel), Hashes.sha256(initrd), commandLineDigest(commandLine));
    }

    /** The digest of a command line, for callers that have hashed the files already. */
    public static Bytes commandLineDigest(String commandLine) {
        Bytes text = Bytes.utf8(commandLine);
        if (text.length() > MAX_COMMAND_LINE) {
            throw new CodecException(Reason.TOO_LONG, "a command line of " + text.length() + " bytes");
        }
        if (commandLine.indexOf(0) >= 0) {
            throw new CodecException(Reason.BAD_TEXT, "a zero byte in the command line");
        }
        return Hashes.sha256(text, Bytes.zeros(1));
    }

    /**
     * The page that holds the table, zero around it.
     *
     * @throws CodecException OUT_OF_RANGE when the table does not fit behind {@code offset}
     */
    byte[] page(int offset) {
        Bytes table = Bytes.concat(
                TABLE,
                size(TABLE_SIZE),
                entry(COMMAND_LINE, commandLine),
                entry(INITRD, initrd),
                entry(KERNEL, kernel));
        if (offset > Ovmf.PAGE - table.length()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the table of kernel hashes does not fit in its page");
        }
        byte[] page = new byte[Ovmf.PAGE];
        table.copyTo(0, page, offset, table.length());
        return page;
    }

    private static Bytes entry(Bytes guid, Bytes digest) {
        return Bytes.concat(guid, size(ENTRY_SIZE), digest);
    }

    private static Bytes size(int size) {
        return Bytes.of((byte) size, (byte) (size >>> 8));
    }
}
