package io.cloister.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QuoteVerifierTest {
    private static final Bytes NONCE = TestVtpm.NONCE;
    private static final PcrValues PCRS = TestVtpm.pcrs();

    private final QuoteVerifier verifier = new QuoteVerifier();
    private final TestVtpm vtpm = TestVtpm.first();
    private final QuoteEvidence good = vtpm.quote(NONCE, PCRS, Bytes.EMPTY);

    private Set<QuoteStep> failed(Bytes blob, QuoteEvidence evidence) {
        return QuoteChecks.failed(verifier.verifyAzure(blob, evidence, NONCE, Optional.empty()));
    }

    @Test
    void acceptsAGoodQuoteBoundToAGenuineReport() {
        QuoteVerification verification = verifier.verifyAzure(vtpm.blob(), good, NONCE, Optional.empty());

        assertThat(QuoteChecks.failed(verification)).isEmpty();
        assertThat(verification.outcomes().get(QuoteStep.EVENT_LOG)).isInstanceOf(Outcome.Skipped.class);
        VerifiedQuote quote = verification.quote().orElseThrow();
        assertThat(quote.key()).isEqualTo(vtpm.key());
        assertThat(quote.pcrs()).isEqualTo(PCRS);
        assertThat(quote.claims().orElseThrow().vmId()).contains("00000000-0000-4000-8000-000000000000");
        assertThat(quote.quote().clock()).isEqualTo(new TpmQuote.Clock(123_456, 3, 1, true));
        Collateral chain = TestVtpm.collateral();
        assertThat(new SnpVerifier()
                        .verify(
                                HclReport.parse(vtpm.blob()).hardwareReport(),
                                chain.vek(),
                                chain.intermediate(),
                                chain.root(),
                                TestChips.roots(ProductLine.GENOA),
                                TestChips.AT)
                        .report())
                .isPresent();
    }

    @Test
    void takesTheKeyFromTheBoundClaimsOnly() {
        assertThat(failed(TestVtpm.second().blob(), good)).containsExactly(QuoteStep.QUOTE_SIGNATURE);
        Bytes json = Bytes.utf8(TestVtpm.json(vtpm.key(), Bytes.EMPTY));
        Bytes unbound = TestVtpm.blob(json, TestChips.filled(64, 1));
        QuoteVerification verification = verifier.verifyAzure(unbound, good, NONCE, Optional.empty());
        assertThat(QuoteChecks.failed(verification)).containsExactly(QuoteStep.BINDING);
        assertThat(verification.outcomes().get(QuoteStep.QUOTE_SIGNATURE)).isInstanceOf(Outcome.Skipped.class);
    }

    @Test
    void refusesReportDataWhoseLastHalfIsNotZero() {
        Bytes json = Bytes.utf8(TestVtpm.json(vtpm.key(), Bytes.EMPTY));
        for (int at = 32; at < 64; at++) {
            Bytes data = TestChips.flip(Bytes.concat(TpmHash.SHA256.digest(json), Bytes.zeros(32)), at * 8);
            assertThat(failed(TestVtpm.blob(json, data), good)).containsExactly(QuoteStep.BINDING);
        }
    }

    @Test
    void refusesBlobsThatNameAnotherHashOrHoldAnotherReport() {
        byte[] blob = vtpm.blob().toArray();
        for (int code : new int[] {2, 3}) {
            byte[] changed = blob.clone();
            changed[HclReport.RUNTIME_DATA + 12] = (byte) code;
            assertThat(failed(Bytes.wrap(changed), good)).containsExactly(QuoteStep.BINDING);
        }
        blob[HclReport.RUNTIME_DATA + 8] = 4;
        assertThat(HclReport.parse(Bytes.of(blob)).reportType()).isEqualTo(HclReport.ReportType.TDX);
        assertThat(failed(Bytes.wrap(blob), good)).containsExactly(QuoteStep.BINDING);
    }

    @Test
    void bindsUserDataWholeAndPaddedWithZeros() {
        Bytes userData = TestChips.filled(48, 9);
        Bytes blob = TestVtpm.blob(TestVtpm.json(vtpm.key(), userData));
        Map<Bytes, Boolean> demands = Map.of(
                userData,
                true,
                Bytes.concat(userData, Bytes.zeros(16)),
                true,
                userData.slice(0, 47),
                false,
                Bytes.concat(userData, Bytes.hex("01")),
                false,
                Bytes.concat(userData, Bytes.zeros(17)),
                false,
                Bytes.EMPTY,
                false);
        demands.forEach((demanded, holds) -> assertThat(verifier.verifyAzure(blob, good, NONCE, Optional.of(demanded))
                        .passed(QuoteStep.BINDING))
                .as("%s", demanded)
                .isEqualTo(holds));
    }

    @Test
    void comparesTheNonceWhole() {
        for (Bytes other : new Bytes[] {
            Bytes.EMPTY,
            NONCE.slice(0, 31),
            Bytes.concat(NONCE, Bytes.zeros(1)),
            TestChips.flip(NONCE, 255),
            Bytes.zeros(65)
        }) {
            assertThat(QuoteChecks.failed(verifier.verify(vtpm.key(), good, other)))
                    .containsExactly(QuoteStep.QUOTE_NONCE);
        }
        QuoteEvidence empty = vtpm.quote(Bytes.EMPTY, PCRS, Bytes.EMPTY);
        assertThat(QuoteChecks.failed(verifier.verify(vtpm.key(), empty, Bytes.EMPTY)))
                .containsExactly(QuoteStep.QUOTE_NONCE);
    }

    @Test
    void demandsExactlyTheClaimedSelection() {
        PcrSelection all = PCRS.selection();
        for (List<PcrSelection> quoted : List.of(
                List.<PcrSelection>of(),
                List.of(new PcrSelection(all.bank(), all.bitmap() ^ 1)),
                List.of(new PcrSelection(TpmHash.SHA384.id, all.bitmap())),
                List.of(new PcrSelection(0x0004, all.bitmap())),
                List.of(all, all),
                List.of(all, new PcrSelection(0x0004, 0)))) {
            assertThat(failed(vtpm.blob(), vtpm.quote(NONCE, quoted, PCRS.digest(), PCRS, Bytes.EMPTY)))
                    .as("%s", quoted)
                    .containsExactly(QuoteStep.PCR_SELECTION);
        }
        assertThat(failed(
                        vtpm.blob(),
                        vtpm.quote(
                                NONCE,
                                List.of(PcrValues.NONE.selection()),
                                PcrValues.NONE.digest(),
                                PcrValues.NONE,
                                Bytes.EMPTY)))
                .containsExactly(QuoteStep.PCR_SELECTION);
    }

    @Test
    void refusesOtherPcrValues() {
        SortedMap<Integer, Bytes> swapped = new TreeMap<>(PCRS.values());
        swapped.put(0, PCRS.get(1).orElseThrow());
        swapped.put(1, PCRS.get(0).orElseThrow());
        QuoteEvidence evidence =
                vtpm.quote(NONCE, List.of(PCRS.selection()), PCRS.digest(), new PcrValues(swapped), Bytes.EMPTY);

        assertThat(failed(vtpm.blob(), evidence)).containsExactly(QuoteStep.PCR_DIGEST);
    }

    @Test
    void provesEventsOfQuotedPcrsOnly() {
        EventLog log = EventLog.parse(
                new LogBuilder().measured(4, "a program").measured(5, "a table").build());
        Bytes raw =
                new LogBuilder().measured(4, "a program").measured(5, "a table").build();
        PcrValues pcr4 =
                new PcrValues(new TreeMap<>(Map.of(4, log.replay(TpmHash.SHA256).get(4), 9, Bytes.zeros(32))));

        QuoteVerification verification = verifier.verify(vtpm.key(), vtpm.quote(NONCE, pcr4, raw), NONCE);
        assertThat(QuoteChecks.failed(verification)).isEmpty();
        assertThat(verification.quote().orElseThrow().events())
                .extracting(LogEvent::pcr)
                .containsExactly(4L);
    }

    @Test
    void refusesLogsThatDoNotReplayOrSayNothing() {
        PcrValues pcr9 = new PcrValues(new TreeMap<>(Map.of(9, Bytes.zeros(32))));
        Bytes elsewhere = new LogBuilder().measured(4, "a program").build();
        Bytes otherwise = new LogBuilder().measured(9, "a program").build();
        for (Bytes log : new Bytes[] {elsewhere, otherwise, Bytes.zeros(1), new LogBuilder().build()}) {
            assertThat(QuoteChecks.failed(verifier.verify(vtpm.key(), vtpm.quote(NONCE, pcr9, log), NONCE)))
                    .containsExactly(QuoteStep.EVENT_LOG);
        }
    }

    @Test
    void refusesSignaturesThatAreNotEncodedWhole() {
        Bytes signature = good.signature();
        assertThat(vtpm.key().signed(good.quote(), signature)).isTrue();
        for (Bytes other : new Bytes[] {
            Bytes.EMPTY,
            Bytes.zeros(256),
            TestChips.filled(256, 0xFF),
            vtpm.key().modulus(),
            signature.slice(1, 255),
            Bytes.concat(Bytes.zeros(1), signature)
        }) {
            assertThat(vtpm.key().signed(good.quote(), other)).isFalse();
        }
    }

    @Test
    void refusesKeysThatCannotBe() {
        Bytes modulus = vtpm.key().modulus();
        for (Bytes other : new Bytes[] {
            Bytes.EMPTY,
            modulus.slice(0, 255),
            Bytes.concat(Bytes.zeros(1), modulus),
            TestChips.flip(modulus, 255 * 8),
            TestChips.filled(513, 0xFF)
        }) {
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> new RsaKey(other));
        }
    }

    @Test
    void pcrValuesReadBackWhatTheyWrite() {
        assertThat(PcrValues.parse(PCRS.encode())).isEqualTo(PCRS);
        assertThat(PcrValues.wholeBank(PCRS.encode().slice(3, 768))).isEqualTo(PCRS);
        assertThat(PcrValues.parse(PcrValues.NONE.encode())).isEqualTo(PcrValues.NONE);
        assertThat(PcrSelection.sha256(List.of(0, 7, 23))).hasToString("sha256:0,7,23");
        for (Bytes bad : new Bytes[] {Bytes.EMPTY, Bytes.hex("010000"), Bytes.concat(PCRS.encode(), Bytes.zeros(1))}) {
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> PcrValues.parse(bad));
        }
        for (int pcr : new int[] {-1, 24}) {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> new PcrValues(new TreeMap<>(Map.of(pcr, Bytes.zeros(32)))));
        }
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new PcrValues(new TreeMap<>(Map.of(0, Bytes.zeros(20)))));
    }

    @Property(tries = 300)
    void endsInAVerdictForAnyBytes(
            @ForAll @Size(max = 200) byte[] blob,
            @ForAll @Size(max = 200) byte[] quote,
            @ForAll @Size(max = 300) byte[] signature,
            @ForAll @Size(max = 80) byte[] nonce,
            @ForAll @Size(max = 200) byte[] log) {
        QuoteEvidence evidence = new QuoteEvidence(Bytes.of(quote), Bytes.of(signature), PCRS, Bytes.of(log));
        assertThat(QuoteChecks.failed(
                        verifier.verifyAzure(Bytes.of(blob), evidence, Bytes.of(nonce), Optional.of(Bytes.of(nonce)))))
                .isNotEmpty();
        assertThat(QuoteChecks.failed(verifier.verify(vtpm.key(), evidence, Bytes.of(nonce))))
                .isNotEmpty();
    }
}
