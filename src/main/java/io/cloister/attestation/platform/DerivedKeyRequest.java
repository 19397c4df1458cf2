package io.cloister.attestation.platform;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a derived key is to depend on (AMD 56860, MSG_KEY_REQ). Not secret: it is kept beside what the key seals, so
 * that the same key can be asked for again, also after a firmware update, since an older TCB may be named.
 *
 * @param root the key that the derivation starts from
 * @param fields properties of the guest that are mixed in
 * @param vmpl privilege level, 0 to 3
 * @param guestSvn at most the guest's own, mixed in with GUEST_SVN
 * @param tcb the eight bytes of a TCB version at most the committed one, mixed in with TCB_VERSION
 */
public record DerivedKeyRequest(RootKey root, Set<GuestField> fields, int vmpl, long guestSvn, Bytes tcb) {
    /** The firmware's two roots. */
    public enum RootKey {
        /** The chip's endorsement key at its present TCB. */
        VCEK(0),
        /** A key that a migration agent carries from host to host. */
        VMRK(1);

        final int code;

        RootKey(int code) {
            this.code = code;
        }
    }

    /** Bits of GUEST_FIELD_SELECT. */
    public enum GuestField {
        GUEST_POLICY(0),
        IMAGE_ID(1),
        FAMILY_ID(2),
        MEASUREMENT(3),
        GUEST_SVN(4),
        TCB_VERSION(5);

        final int bit;

        GuestField(int bit) {
            this.bit = bit;
        }
    }

    private static final Set<GuestField> SEALING = Collections.unmodifiableSet(
            EnumSet.of(GuestField.GUEST_POLICY, GuestField.MEASUREMENT, GuestField.TCB_VERSION));
    private static final int ALL_FIELDS = (1 << GuestField.values().length) - 1;

    public DerivedKeyRequest {
        EnumSet<GuestField> copy = EnumSet.noneOf(GuestField.class);
        copy.addAll(fields);
        fields = Collections.unmodifiableSet(copy);
        if (vmpl < 0 || vmpl > 3 || guestSvn < 0 || guestSvn > 0xffff_ffffL || tcb.length() != Tcb.SIZE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "VMPL, SVN or TCB of a derived key");
        }
    }

    /**
     * The request for sealing a node's own data: rooted in the chip, bound to launch policy, measurement and the TCB
     * that the node runs on.
     *
     * @param own a report of this very guest
     */
    public static DerivedKeyRequest sealing(AttestationReport own) {
        return new DerivedKeyRequest(RootKey.VCEK, SEALING, own.vmpl(), own.guestSvn(), own.committedTcb());
    }

    /** Whether the key can be had by no other launch than one of the same policy and measurement on the same chip. */
    public boolean isSealing() {
        return root == RootKey.VCEK && fields.containsAll(SEALING);
    }

    /** GUEST_FIELD_SELECT. */
    long fieldSelect() {
        return fields.stream().mapToLong(field -> 1L << field.bit).sum();
    }

    /** TCB_VERSION as the number that the driver takes. */
    long tcbNumber() {
        return ByteBuffer.wrap(tcb.toArray()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** u8 root, u8 field bits, u8 VMPL, u32 SVN, 8 bytes TCB. */
    public void encode(Writer writer) {
        writer.u8(root.code).u8((int) fieldSelect()).u8(vmpl).u32(guestSvn).fixed(tcb);
    }

    public static DerivedKeyRequest decode(Reader reader) {
        int root = reader.u8();
        int bits = reader.u8();
        if (root >= RootKey.values().length || (bits & ~ALL_FIELDS) != 0) {
            throw new CodecException(Reason.UNKNOWN, "a root or a field of a derived key that is not known");
        }
        EnumSet<GuestField> fields = EnumSet.allOf(GuestField.class);
        fields.removeIf(field -> (bits >> field.bit & 1) == 0);
        return new DerivedKeyRequest(RootKey.values()[root], fields, reader.u8(), reader.u32(), reader.fixed(Tcb.SIZE));
    }
}
