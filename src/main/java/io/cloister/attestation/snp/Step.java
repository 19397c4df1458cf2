package io.cloister.attestation.snp;

/** The steps of verifying, in their order. */
public enum Step {
    REPORT_FORMAT("report-format"),
    CERTIFICATE_CHAIN("certificate-chain"),
    CERTIFICATE_VALIDITY("certificate-validity"),
    REVOCATION("revocation"),
    PRODUCT_LINE("product-line"),
    TCB_MATCH("tcb-match"),
    CHIP_ID("chip-id"),
    REPORT_SIGNATURE("report-signature");

    private final String label;

    Step(String label) {
        this.label = label;
    }

    /** The stable name under which a verdict lists the step. */
    public String label() {
        return label;
    }
}
