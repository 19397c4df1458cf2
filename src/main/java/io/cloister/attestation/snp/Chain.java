package io.cloister.attestation.snp;

import io.cloister.codec.Bytes;
import java.security.PublicKey;
import java.util.Optional;

/**
 * What a chain that verified stands for. It holds whoever asks; whether its root is trusted depends on who does.
 *
 * @param leafKey ready for use; empty for a point that is not on the curve
 * @param simulated whether the root is not AMD's
 */
record Chain(
        Certificates certificates,
        SigningKeyKind kind,
        ProductLine line,
        Bytes rootDigest,
        boolean simulated,
        Optional<PublicKey> leafKey) {
    SnpCertificate leaf() {
        return certificates.leaf();
    }
}
