package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import java.util.List;

/** Three certificates that could be read. */
record Certificates(SnpCertificate leaf, SnpCertificate intermediate, SnpCertificate root) {
    /** The bytes of three certificates, read or not. */
    record Encoded(Bytes leaf, Bytes intermediate, Bytes root) {}

    /** Reads leaf, intermediate and root in this order; throws as {@link SnpCertificate#parse}. */
    static Certificates parse(Encoded encoded) {
        return new Certificates(
                SnpCertificate.parse(encoded.leaf()),
                SnpCertificate.parse(encoded.intermediate()),
                SnpCertificate.parse(encoded.root()));
    }

    List<SnpCertificate> all() {
        return List.of(leaf, intermediate, root);
    }
}
