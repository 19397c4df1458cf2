package io.cloister.attestation.platform;

import io.cloister.attestation.platform.DerivedKeyRequest.GuestField;
import io.cloister.attestation.snp.Cpuid;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secure processor's two answers for a simulated guest on a simulated chip, byte for byte like {@code
 * sev-snp/firmware.c}: the same chip gives the same derived keys through either.
 */
final class SimulatedFirmware {
    private static final Bytes KEY_LABEL = Bytes.utf8("cloister/simulated-derived-key/v1");
    private static final int ID_SIZE = 16;

    private final SimulatedChip chip;
    private final SimulatedGuest guest;
    private final Bytes reportId;

    SimulatedFirmware(SimulatedChip chip, SimulatedGuest guest) {
        this.chip = chip;
        this.guest = guest;
        byte[] id = new byte[32];
        new SecureRandom().nextBytes(id);
        this.reportId = Bytes.wrap(id);
    }

    Bytes report(Bytes reportData, int vmpl) {
        ReportBuilder report = new ReportBuilder(guest.reportVersion())
                .guestSvn(guest.guestSvn())
                .policy(guest.policy())
                .vmpl(vmpl)
                .platformInfo(guest.platformInfo())
                .signingKey(chip.keyKind())
                .reportData(reportData)
                .measurement(guest.measurement())
                .hostData(guest.hostData())
                .reportId(reportId)
                .tcb(chip.tcb())
                .chipId(chip.chipId())
                .firmware(1, 55, 37);
        if (guest.reportVersion() >= 3) {
            report.cpuid(
                    switch (chip.line()) {
                        case MILAN -> new Cpuid(0x19, 0x01, 0x01);
                        case GENOA -> new Cpuid(0x19, 0x11, 0x01);
                        case TURIN -> new Cpuid(0x1A, 0x02, 0x01);
                    });
        }
        return chip.sign(report);
    }

    /**
     * HMAC-SHA-256(root, label || root select || field select || VMPL || the selected fields), numbers little endian.
     */
    SecretBytes derivedKey(DerivedKeyRequest request) {
        if (request.guestSvn() > guest.guestSvn() || !covers(chip.tcb().encode(), request.tcb())) {
            throw new PlatformException.FirmwareError(
                    "the derived key request was refused", FirmwareStatus.INVALID_PARAMETER);
        }
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.writeBytes(KEY_LABEL.toArray());
        input.writeBytes(little(4).putInt(request.root().code).array());
        input.writeBytes(little(8).putLong(request.fieldSelect()).array());
        input.writeBytes(little(4).putInt(request.vmpl()).array());
        for (GuestField field : GuestField.values()) {
            if (request.fields().contains(field)) {
                input.writeBytes(value(field, request));
            }
        }
        return chip.derivedRoot().use(root -> SecretBytes.taking(hmac(root, input.toByteArray())));
    }

    private byte[] value(GuestField field, DerivedKeyRequest request) {
        return switch (field) {
            case GUEST_POLICY -> little(8).putLong(guest.policy().bits()).array();
            case IMAGE_ID, FAMILY_ID -> new byte[ID_SIZE];
            case MEASUREMENT -> guest.measurement().toArray();
            case GUEST_SVN -> little(4).putInt((int) request.guestSvn()).array();
            case TCB_VERSION -> request.tcb().toArray();
        };
    }

    private static boolean covers(Bytes have, Bytes wanted) {
        for (int i = 0; i < Tcb.SIZE; i++) {
            if ((wanted.at(i) & 0xff) > (have.at(i) & 0xff)) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks HMAC-SHA-256", e);
        }
    }
}
