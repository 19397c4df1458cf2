package io.cloister.attestation.release;

import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the owner of a guest tells the firmware about it (AMD 56860, table "ID block"): the firmware refuses the launch
 * when digest or policy differ, and puts the rest into every report.
 *
 * @param launchDigest 48 bytes
 * @param familyId 16 bytes of the owner's choice
 * @param imageId 16 bytes of the owner's choice
 * @param guestSvn security version of the guest, 32 bits unsigned
 */
public record IdBlock(Bytes launchDigest, Bytes familyId, Bytes imageId, long guestSvn, GuestPolicy policy) {
    /** Bytes of the encoding. */
    public static final int SIZE = 96;

    /** Bytes of a launch digest. */
    public static final int DIGEST_SIZE = 48;

    /** Bytes of a family or image id. */
    public static final int ID_SIZE = 16;

    private static final int FAMILY_ID = 0x30;
    private static final int IMAGE_ID = 0x40;
    private static final int VERSION = 0x50;
    private static final int GUEST_SVN = 0x54;
    private static final int POLICY = 0x58;

    public IdBlock {
        requireLength(launchDigest, DIGEST_SIZE, "launch digest");
        requireLength(familyId, ID_SIZE, "family id");
        requireLength(imageId, ID_SIZE, "image id");
        if (guestSvn < 0 || guestSvn > 0xffff_ffffL) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a guest security version of " + guestSvn);
        }
        if (!policy.wellFormed()) {
            throw new CodecException(Reason.NOT_CANONICAL, "reserved bits of policy " + policy);
        }
    }

    private static void requireLength(Bytes value, int length, String what) {
        if (value.length() != length) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a " + what + " of " + value.length() + " bytes");
        }
    }

    /**
     * Reads 96 bytes.
     *
     * @throws CodecException UNKNOWN for another version than 1, NOT_CANONICAL for a reserved bit of the policy,
     *     OUT_OF_RANGE for another length
     */
    public static IdBlock decode(Bytes encoded) {
        requireLength(encoded, SIZE, "ID block");
        if (Little.u32(encoded, VERSION) != 1) {
            throw new CodecException(
                    Reason.UNKNOWN, "ID block version " + Little.u32(encoded, VERSION) + " is not known");
        }
        return new IdBlock(
                encoded.slice(0, DIGEST_SIZE),
                encoded.slice(FAMILY_ID, ID_SIZE),
                encoded.slice(IMAGE_ID, ID_SIZE),
                Little.u32(encoded, GUEST_SVN),
                new GuestPolicy(Little.u64(encoded, POLICY)));
    }

    /** The 96 bytes that the ID key signs. */
    public Bytes encode() {
        byte[] encoded = new byte[SIZE];
        launchDigest.copyTo(0, encoded, 0, DIGEST_SIZE);
        familyId.copyTo(0, encoded, FAMILY_ID, ID_SIZE);
        imageId.copyTo(0, encoded, IMAGE_ID, ID_SIZE);
        ByteBuffer numbers = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putInt(VERSION, 1);
        numbers.putInt(GUEST_SVN, (int) guestSvn);
        numbers.putLong(POLICY, policy.bits());
        return Bytes.wrap(encoded);
    }
}
