package io.cloister.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.codec.Bytes;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The project's own vectors get the verdicts that genuine ones of the same kind get. */
class GoldenVectorsTest {
    private final GoldenVectors golden = new GoldenVectors();
    private final QuoteVerifier verifier = new QuoteVerifier();
    private final QuoteEvidence good = golden.evidence("quote", "quote.signature", "log");

    private Set<QuoteStep> failed(String blob, QuoteEvidence evidence, Bytes nonce) {
        return QuoteChecks.failed(
                verifier.verifyAzure(golden.get(blob), evidence, nonce, Optional.of(golden.get("user-data"))));
    }

    @Test
    void acceptsTheGoodOne() {
        QuoteVerification verification = verifier.verifyAzure(
                golden.get("blob"), good, golden.get("nonce"), Optional.of(golden.get("user-data")));

        assertThat(QuoteChecks.failed(verification)).isEmpty();
        assertThat(verification.outcomes().keySet()).allMatch(verification::passed);
        VerifiedQuote quote = verification.quote().orElseThrow();
        assertThat(quote.events()).extracting(LogEvent::pcr).containsExactly(0L, 4L, 9L);
        assertThat(quote.events()).extracting(LogEvent::dataIsMeasured).containsExactly(true, true, false);
        assertThat(new SnpVerifier()
                        .verify(
                                HclReport.parse(golden.get("blob")).hardwareReport(),
                                golden.get("leaf"),
                                golden.get("intermediate"),
                                golden.get("root"),
                                Set.of(golden.get("root-digest")),
                                TestChips.AT)
                        .report())
                .isPresent();
    }

    @Test
    void refusesTheOthersByTheirOneStep() {
        Bytes nonce = golden.get("nonce");

        assertThat(failed("blob.unbound", good, nonce)).containsExactly(QuoteStep.BINDING);
        assertThat(failed("blob", golden.evidence("stranger", "stranger.signature", "log"), nonce))
                .containsExactly(QuoteStep.QUOTE_SIGNATURE);
        assertThat(failed("blob", good, TestChips.flip(nonce, 0))).containsExactly(QuoteStep.QUOTE_NONCE);
        assertThat(failed("blob", golden.evidence("quote", "quote.signature", "log.other"), nonce))
                .containsExactly(QuoteStep.EVENT_LOG);
        assertThat(failed("blob", golden.evidence("leaf", "quote.signature", "log"), nonce))
                .containsExactly(QuoteStep.QUOTE_FORMAT);
    }

    @Test
    void writesTheBytesThatItReads() {
        assertThat(HclReport.parse(golden.get("blob")).encode()).isEqualTo(golden.get("blob"));
        assertThat(PcrValues.parse(golden.get("pcrs")).encode()).isEqualTo(golden.get("pcrs"));
    }
}
