package io.cloister.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Vectors;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Genuine blobs and quotes of Azure's machines get the verdict that their index names. */
class AzureVectorsTest {
    private static final Instant AT = Instant.parse("2026-06-01T00:00:00Z");
    private static final Bytes CHALLENGE = Bytes.utf8("challenge");

    private final QuoteVerifier verifier = new QuoteVerifier();

    private static Bytes azure(String name) {
        return Vectors.read("azure/" + name);
    }

    private static QuoteEvidence evidence(String set, PcrValues pcrs) {
        return new QuoteEvidence(azure(set + ".quote.msg"), azure(set + ".quote.sig"), pcrs, Bytes.EMPTY);
    }

    private static QuoteEvidence evidence(String set) {
        return evidence(set, PcrValues.wholeBank(azure(set + ".pcrs.bin")));
    }

    private static Bytes nonce(String set) {
        return TpmQuote.parse(azure(set + ".quote.msg")).extraData();
    }

    private QuoteVerification verify(String blob, QuoteEvidence evidence, Bytes nonce) {
        return verifier.verifyAzure(azure(blob + ".hcl.bin"), evidence, nonce, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "az_genoa, 2, az_genoa_v3",
        "az_userdata, 1, az_userdata_v3",
        "az_milan3, 1, az_milan3_v3",
        "az_coco_milan, 1, az_coco_milan_v2",
        "az_kinvolk, 1, az_kinvolk_v2"
    })
    void readsEachBlobAndFindsItsClaimsBound(String set, int version, String report) {
        HclReport blob = HclReport.parse(azure(set + ".hcl.bin"));

        assertThat(blob.headerVersion()).isEqualTo(version);
        assertThat(blob.reportType()).isEqualTo(HclReport.ReportType.SNP);
        assertThat(blob.hash()).isEqualTo(TpmHash.SHA256);
        assertThat(blob.hardwareReport()).isEqualTo(Vectors.report(report));
        assertThat(blob.isBound()).isTrue();
        assertThat(blob.claims().secureBoot()).contains(true);
        assertThat(blob.claims().userData().isPresent()).isNotEqualTo(set.equals("az_kinvolk"));
        assertThat(azure(set + ".hcl.bin").startsWith(blob.encode())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"az_genoa, az_genoa_vcek, genoa", "az_userdata, az_userdata_vcek, milan"})
    void acceptsGoodQuotesOfGenuineMachines(String set, String leaf, String line) {
        QuoteVerification verification = verify(set, evidence(set), nonce(set));

        assertThat(QuoteChecks.failed(verification)).isEmpty();
        VerifiedQuote quote = verification.quote().orElseThrow();
        assertThat(quote.pcrs().values()).hasSize(24);
        assertThat(quote.claims()).isPresent();
        Collateral chain = Vectors.collateral(leaf, line);
        assertThat(new SnpVerifier()
                        .verify(
                                HclReport.parse(azure(set + ".hcl.bin")).hardwareReport(),
                                chain.vek(),
                                chain.intermediate(),
                                chain.root(),
                                Set.of(),
                                AT)
                        .report())
                .isPresent();
    }

    @Test
    void findsUserDataBound() {
        Bytes nonce = nonce("az_userdata");
        Bytes blob = azure("az_userdata.hcl.bin");
        QuoteEvidence evidence = evidence("az_userdata");

        assertThat(nonce.length()).isEqualTo(48);
        assertThat(verifier.verifyAzure(blob, evidence, nonce, Optional.of(nonce))
                        .quote())
                .isPresent();
        assertThat(QuoteChecks.failed(verifier.verifyAzure(blob, evidence, nonce, Optional.of(nonce.slice(0, 47)))))
                .containsExactly(QuoteStep.BINDING);
        assertThat(QuoteChecks.failed(verifier.verifyAzure(
                        azure("az_genoa.hcl.bin"), evidence("az_genoa"), nonce("az_genoa"), Optional.of(nonce))))
                .containsExactly(QuoteStep.BINDING);
    }

    @Test
    void refusesAQuoteWithoutANonce() {
        assertThat(nonce("az_milan3")).isEqualTo(Bytes.EMPTY);
        for (Bytes demanded : new Bytes[] {CHALLENGE, Bytes.EMPTY}) {
            QuoteVerification verification = verify("az_milan3", evidence("az_milan3"), demanded);

            assertThat(QuoteChecks.failed(verification)).containsExactly(QuoteStep.QUOTE_NONCE);
            assertThat(verification.passed(QuoteStep.PCR_DIGEST)).isTrue();
            assertThat(verification.quote()).isEmpty();
        }
    }

    @Test
    void refusesAQuoteByAnotherKey() {
        assertThat(nonce("az_coco_milan")).isEqualTo(CHALLENGE);
        QuoteVerification verification = verify("az_coco_milan", evidence("az_coco_milan", PcrValues.NONE), CHALLENGE);

        assertThat(QuoteChecks.failed(verification)).containsExactly(QuoteStep.QUOTE_SIGNATURE);
        assertThat(verification.passed(QuoteStep.BINDING)).isTrue();
        assertThat(verification.passed(QuoteStep.QUOTE_FORMAT)).isTrue();
        assertThat(verification.outcomes().get(QuoteStep.PCR_SELECTION)).isInstanceOf(Outcome.Skipped.class);
        assertThat(TpmQuote.parse(azure("az_coco_milan.quote.msg"))
                        .selections()
                        .getFirst()
                        .pcrs())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 14);
    }

    @ParameterizedTest
    @CsvSource({"az_genoa, az_userdata", "az_userdata, az_milan3", "az_kinvolk, az_genoa"})
    void refusesAQuoteBesideAnotherMachinesBlob(String blob, String quote) {
        assertThat(QuoteChecks.failed(verify(blob, evidence(quote), nonce(quote))))
                .containsExactly(QuoteStep.QUOTE_SIGNATURE);
    }

    @Test
    void refusesAShorterAndALongerNonceThanTheQuoteHas() {
        Bytes nonce = nonce("az_genoa");
        for (Bytes other : new Bytes[] {
            nonce.slice(0, 47),
            Bytes.concat(nonce, Bytes.zeros(1)),
            TestChips.flip(nonce, 383),
            TestChips.flip(nonce, 0)
        }) {
            assertThat(QuoteChecks.failed(verify("az_genoa", evidence("az_genoa"), other)))
                    .containsExactly(QuoteStep.QUOTE_NONCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"az_genoa", "az_userdata"})
    void refusesEverySingleBitFlipInClaimsQuoteAndSignature(String set) {
        QuoteEvidence good = evidence(set);
        Bytes nonce = nonce(set);
        Bytes blob = azure(set + ".hcl.bin");
        HclReport read = HclReport.parse(blob);
        int claims = read.runtimeJson().length();
        for (int bit = 0; bit < claims * 8; bit++) {
            Bytes changed = TestChips.flip(blob, HclReport.JSON * 8 + bit);
            assertThat(QuoteChecks.failed(verifier.verifyAzure(changed, good, nonce, Optional.empty())))
                    .as("claims bit %d", bit)
                    .containsExactly(QuoteStep.BINDING);
        }
        RsaKey key = read.claims().attestationKey();
        for (int bit = 0; bit < good.quote().length() * 8; bit++) {
            assertThat(key.signed(TestChips.flip(good.quote(), bit), good.signature()))
                    .isFalse();
        }
        for (int bit = 0; bit < good.signature().length() * 8; bit++) {
            assertThat(key.signed(good.quote(), TestChips.flip(good.signature(), bit)))
                    .isFalse();
        }
        assertThat(key.signed(good.quote(), good.signature())).isTrue();
    }

    /** Everything in front of the report and between report and claims has one value only, but for the version. */
    @Test
    void refusesEverySingleBitFlipInTheUnsignedHeader() {
        Bytes blob = azure("az_genoa.hcl.bin");
        int json = HclReport.parse(blob).runtimeJson().length();
        for (int at = 0; at < blob.length(); at++) {
            if (at >= HclReport.HARDWARE_REPORT && at < HclReport.RUNTIME_DATA
                    || at >= HclReport.JSON && at < HclReport.JSON + json) {
                continue;
            }
            for (int bit = 0; bit < 8; bit++) {
                Bytes changed = TestChips.flip(blob, at * 8 + bit);
                assertThat(usable(changed)).as("byte %d bit %d", at, bit).isFalse();
            }
        }
    }

    private static boolean usable(Bytes blob) {
        try {
            HclReport read = HclReport.parse(blob);
            return read.isBound() && read.reportType() == HclReport.ReportType.SNP;
        } catch (CodecException e) {
            return false;
        }
    }

    @Test
    void refusesQuotesCutAnywhere() {
        QuoteEvidence good = evidence("az_genoa");
        for (int length = 0; length < good.quote().length(); length++) {
            QuoteEvidence cut =
                    new QuoteEvidence(good.quote().slice(0, length), good.signature(), good.pcrs(), good.eventLog());
            assertThat(QuoteChecks.failed(verify("az_genoa", cut, nonce("az_genoa"))))
                    .as("%d bytes", length)
                    .containsExactly(QuoteStep.QUOTE_FORMAT);
        }
    }

    @Test
    void refusesOneChangedPcrAndOneLeftOut() {
        QuoteEvidence good = evidence("az_genoa");
        for (int pcr = 0; pcr < PcrSelection.PCRS; pcr++) {
            Map<Integer, Bytes> changed = new TreeMap<>(good.pcrs().values());
            changed.put(pcr, TestChips.flip(good.pcrs().get(pcr).orElseThrow(), 7));
            assertThat(failedWith(good, changed)).containsExactly(QuoteStep.PCR_DIGEST);
            changed.remove(pcr);
            assertThat(failedWith(good, changed)).containsExactly(QuoteStep.PCR_SELECTION);
        }
    }

    private Set<QuoteStep> failedWith(QuoteEvidence good, Map<Integer, Bytes> pcrs) {
        PcrValues claimed = new PcrValues(new TreeMap<>(pcrs));
        return QuoteChecks.failed(verify(
                "az_genoa",
                new QuoteEvidence(good.quote(), good.signature(), claimed, Bytes.EMPTY),
                nonce("az_genoa")));
    }

    /** A quote kept as length and signature, length and message, count and lengths with PCR values. */
    @Test
    void acceptsAQuoteUnderAKeyThatTheCallerVouchesFor() throws Exception {
        ByteBuffer in =
                ByteBuffer.wrap(azure("kinvolk_quote.bincode").toArray()).order(ByteOrder.LITTLE_ENDIAN);
        Bytes signature = next(in, (int) in.getLong());
        Bytes quote = next(in, (int) in.getLong());
        long count = in.getLong();
        Bytes values = next(in, (int) count * 32);
        assertThat(in.hasRemaining()).isFalse();
        QuoteEvidence evidence = new QuoteEvidence(quote, signature, PcrValues.wholeBank(values), Bytes.EMPTY);
        RsaKey key = pem(azure("kinvolk_akpub.pem").asUtf8());

        QuoteVerification good = verifier.verify(key, evidence, CHALLENGE);
        assertThat(good.quote()).isPresent();
        assertThat(good.outcomes().get(QuoteStep.BINDING)).isInstanceOf(Outcome.Skipped.class);
        RsaKey other = HclReport.parse(azure("az_genoa.hcl.bin")).claims().attestationKey();
        assertThat(QuoteChecks.failed(verifier.verify(other, evidence, CHALLENGE)))
                .containsExactly(QuoteStep.QUOTE_SIGNATURE);
    }

    private static Bytes next(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }

    private static RsaKey pem(String text) throws Exception {
        byte[] der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
        RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
        Bytes modulus = Bytes.wrap(key.getModulus().toByteArray());
        return new RsaKey(modulus.slice(1, modulus.length() - 1));
    }
}
