package io.cloister.ledger.membership;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.View;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * The moment at which evidence of a recovery is judged. Chains stand still before they recover, so the last block may be older
 * than a certificate or a revocation list that the manufacturer has signed since. Whoever holds one knows that its time has
 * come.
 */
final class JudgingTime {
    private static final Set<String> CERTIFICATES = Set.of("vek", "intermediate", "root");
    private static final String REVOCATIONS = "revocations";

    private JudgingTime() {}

    /** The last block's time, or the latest moment from which one of the documents is valid. */
    static long of(View state, Evidence evidence) {
        long latest = Ledger.timeMillis(state);
        for (Map.Entry<String, Bytes> each : evidence.hardware().certificates().entrySet()) {
            Instant from = Instant.EPOCH;
            if (CERTIFICATES.contains(each.getKey())) {
                from = SnpCertificate.parse(each.getValue()).notBefore();
            } else if (each.getKey().equals(REVOCATIONS)) {
                from = Crl.parse(each.getValue()).thisUpdate();
            }
            latest = Math.max(latest, from.toEpochMilli());
        }
        return latest;
    }
}
