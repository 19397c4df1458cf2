package io.cloister.cli;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.Demanded;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Examination;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A guest's evidence as it was given on a command line.
 *
 * @param report alone, or beside the blob that holds it
 * @param blob Azure's
 * @param quote by the key that the blob binds
 * @param demanded what it must bind
 * @param collateral what stands behind the report
 * @param at the moment for which certificates must be valid
 */
record GuestFiles(
        Optional<Bytes> report,
        Optional<Bytes> blob,
        Optional<QuoteEvidence> quote,
        Demanded demanded,
        Collateral collateral,
        Instant at) {

    Examination examine(Set<Bytes> testRoots) {
        EvidenceVerifier verifier = new EvidenceVerifier();
        return blob.map(given -> verifier.examineAzure(given, report, collateral, quote, demanded, testRoots, at))
                .orElseGet(() -> verifier.examine(
                        new SnpEvidence(report.orElse(Bytes.EMPTY), collateral), demanded, testRoots, at));
    }
}
