package io.cloister.attestation.snp;

/** The endorsement key that signed a report: the chip's own, or one that AMD gave a cloud provider. */
public enum SigningKeyKind {
    VCEK(0, "SEV-VCEK", "SEV-"),
    VLEK(1, "SEV-VLEK", "SEV-VLEK-");

    final int code;
    final String leafName;
    final String issuerPrefix;

    SigningKeyKind(int code, String leafName, String issuerPrefix) {
        this.code = code;
        this.leafName = leafName;
        this.issuerPrefix = issuerPrefix;
    }

    /** The common name of the intermediate certificate that issues such keys. */
    String issuerName(ProductLine line) {
        return issuerPrefix + line.title();
    }
}
