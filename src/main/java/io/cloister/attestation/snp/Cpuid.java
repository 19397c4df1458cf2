package io.cloister.attestation.snp;

/**
 * Processor identification of a report since version 3: combined family, combined model and stepping, 0 to 255 each.
 */
public record Cpuid(int family, int model, int stepping) {
    @Override
    public String toString() {
        return "%02x/%02x/%d".formatted(family, model, stepping);
    }
}
