package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The digest that the firmware extends with every page that it takes into a guest (AMD 56860, SNP_LAUNCH_UPDATE,
 * PAGE_INFO): {@code digest' = SHA-384(digest || contents || u16 0x70 || u8 type || u8 0 || 3 x u8 0 || u8 0 || u64
 * address)}, little endian. Contents are SHA-384 of a page's bytes or 48 zeros. Not thread-safe.
 */
final class LaunchContext {
    static final int DIGEST_SIZE = 48;

    /** The guest physical address of all save areas. */
    private static final long SAVE_AREA_ADDRESS = 0xffff_ffff_f000L;

    private static final int NORMAL = 1;
    private static final int SAVE_AREA = 2;
    private static final int ZERO = 3;
    private static final int UNMEASURED = 4;
    private static final int SECRETS = 5;
    private static final int CPUID = 6;
    private static final int RECORD_SIZE = 0x70;
    private static final int ADDRESS_AT = RECORD_SIZE - Long.BYTES;
    private static final byte[] NO_CONTENTS = new byte[DIGEST_SIZE];

    private final MessageDigest sha384 = sha384();
    private final byte[] record = new byte[RECORD_SIZE];
    private final ByteBuffer view = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);

    /** Firmware volumes are padded with pages of one repeated byte, zeros or ones: their digests are found once. */
    private final UniformPage[] uniform = {new UniformPage((byte) 0), new UniformPage((byte) 0xff)};

    private final class UniformPage {
        final byte[] page = new byte[Ovmf.PAGE];
        final byte[] digest;

        UniformPage(byte value) {
            Arrays.fill(page, value);
            digest = sha384.digest(page);
        }
    }

    /** Begins at a digest, 48 zeros for a new guest. */
    LaunchContext(Bytes digest) {
        digest.copyTo(0, record, 0, DIGEST_SIZE);
        view.putShort(2 * DIGEST_SIZE, (short) RECORD_SIZE);
    }

    Bytes digest() {
        return Bytes.wrap(Arrays.copyOf(record, DIGEST_SIZE));
    }

    /** Takes whole pages with their bytes. */
    void normal(long address, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += Ovmf.PAGE) {
            extend(NORMAL, address + at, digestOf(bytes, at));
        }
    }

    void saveArea(byte[] contents) {
        extend(SAVE_AREA, SAVE_AREA_ADDRESS, contents);
    }

    void zero(long address, long size) {
        repeat(ZERO, address, size);
    }

    void unmeasured(long address, long size) {
        repeat(UNMEASURED, address, size);
    }

    void secrets(long address) {
        extend(SECRETS, address, NO_CONTENTS);
    }

    void cpuid(long address) {
        extend(CPUID, address, NO_CONTENTS);
    }

    /** SHA-384 of the page that begins at {@code at}. */
    byte[] digestOf(byte[] bytes, int at) {
        for (UniformPage known : uniform) {
            if (Arrays.equals(bytes, at, at + Ovmf.PAGE, known.page, 0, Ovmf.PAGE)) {
                return known.digest;
            }
        }
        sha384.update(bytes, at, Ovmf.PAGE);
        return sha384.digest();
    }

    private void repeat(int type, long address, long size) {
        for (long at = 0; at < size; at += Ovmf.PAGE) {
            extend(type, address + at, NO_CONTENTS);
        }
    }

    private void extend(int type, long address, byte[] contents) {
        System.arraycopy(contents, 0, record, DIGEST_SIZE, DIGEST_SIZE);
        record[2 * DIGEST_SIZE + 2] = (byte) type;
        view.putLong(ADDRESS_AT, address);
        System.arraycopy(sha384.digest(record), 0, record, 0, DIGEST_SIZE);
    }

    private static MessageDigest sha384() {
        try {
            return MessageDigest.getInstance("SHA-384");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java runtime lacks SHA-384", e);
        }
    }
}
