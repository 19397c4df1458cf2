package io.cloister.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Golden;
import io.cloister.codec.Bytes;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The project's own blobs, quotes and logs are read to the last byte; their verdicts are those of the index. */
class GoldenBlobsTest {
    @ParameterizedTest
    @CsvSource({"header1, 1, true", "header2, 2, true", "old, 1, false"})
    void readsBothHeadersAndWritesThemAgain(String name, int version, boolean hasUserData) {
        Bytes whole = Golden.read("tpm/" + name + ".hcl.bin");
        HclReport blob = HclReport.parse(whole);

        assertThat(blob.headerVersion()).isEqualTo(version);
        assertThat(blob.isBound()).isTrue();
        assertThat(blob.claims().userData().isPresent()).isEqualTo(hasUserData);
        assertThat(whole)
                .isEqualTo(Bytes.concat(
                        blob.encode(),
                        Bytes.zeros(whole.length() - blob.encode().length())));
    }

    @Test
    void provesTheEventsOfALogThatReplays() {
        QuoteEvidence evidence =
                Golden.named("header 2, good quote and log").quote().orElseThrow();
        VerifiedQuote quote = new QuoteVerifier()
                .verifyAzure(
                        Golden.read("tpm/header2.hcl.bin"),
                        evidence,
                        TpmQuote.parse(evidence.quote()).extraData(),
                        Optional.empty())
                .quote()
                .orElseThrow();

        assertThat(quote.events()).extracting(LogEvent::pcr).containsExactly(0L, 4L, 9L);
        assertThat(quote.events()).extracting(LogEvent::dataIsMeasured).containsExactly(true, true, false);
        assertThat(EventLog.parse(evidence.eventLog()).startupLocality()).isEqualTo(3);
        assertThat(PcrValues.parse(evidence.pcrs().encode())).isEqualTo(evidence.pcrs());
    }

    @Test
    void readsASelectionOfRegisters() {
        assertThat(TpmQuote.parse(Golden.read("tpm/stranger.quote.msg"))
                        .selections()
                        .getFirst()
                        .pcrs())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 14);
    }
}
