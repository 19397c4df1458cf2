package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.SecretBytes;

/**
 * A simulated chip inside this process, for machines without {@code /dev/fuse}. It gives the same reports and keys as
 * {@code cloister-snp-sim} with the same chip and guest, but nothing keeps the process from lying about itself.
 */
public final class PureJavaPlatform implements Platform {
    private static final int VMPL = 0;

    private final SimulatedChip chip;
    private final SimulatedFirmware firmware;

    /** Takes the chip over and closes it in the end. */
    public PureJavaPlatform(SimulatedChip chip, SimulatedGuest guest) {
        this.chip = chip;
        this.firmware = new SimulatedFirmware(chip, guest);
    }

    @Override
    public String name() {
        return "simulated " + chip.line().title() + " in this process";
    }

    @Override
    public Bytes report(Bytes reportData64) {
        if (reportData64.length() != 64) {
            throw new CodecException(Reason.OUT_OF_RANGE, "REPORT_DATA has 64 bytes, not " + reportData64.length());
        }
        return firmware.report(reportData64, VMPL);
    }

    @Override
    public Collateral collateral() {
        return chip.collateral();
    }

    @Override
    public SecretBytes derivedKey(DerivedKeyRequest request) {
        return firmware.derivedKey(request);
    }

    @Override
    public void close() {
        chip.close();
    }
}
