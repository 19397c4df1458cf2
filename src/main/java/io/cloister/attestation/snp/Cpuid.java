package io.cloister.attestation.snp;

import java.util.HexFormat;

/**
 * Processor identification of a report since version 3: combined family, combined model and stepping, 0 to 255 each.
 */
public record Cpuid(int family, int model, int stepping) {
    private static final HexFormat HEX = HexFormat.of();

    @Override
    public String toString() {
        return HEX.toHexDigits((byte) family) + '/' + HEX.toHexDigits((byte) model) + '/' + stepping;
    }
}
