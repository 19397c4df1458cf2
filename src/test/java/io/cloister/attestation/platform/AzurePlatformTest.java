package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.AzureEvidence;
import io.cloister.attestation.Check;
import io.cloister.attestation.Demanded;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Examination;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.platform.DerivedKeyRequest.RootKey;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.tpm.AzureVtpm;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.PcrSelection;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.attestation.tpm.RsaKey;
import io.cloister.attestation.tpm.TestVtpm;
import io.cloister.attestation.tpm.Tpm;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A software TPM with Azure's key and blob, from the platform to the verdict. */
class AzurePlatformTest {
    private static final Bytes DATA = TestChips.filled(64, 0x5a);
    private static final CollateralSource CERTIFICATES = key -> Optional.of(TestVtpm.collateral());

    @TempDir
    static Path folder;

    private static Optional<Swtpm> swtpm = Optional.empty();
    private static TpmSocket socket;
    private static Tpm tpm;
    private static RsaKey key;
    private static AzurePlatform platform;

    @BeforeAll
    static void start() throws IOException {
        swtpm = Optional.of(Swtpm.start(folder, true));
        socket = swtpm.get().connect();
        tpm = new Tpm(socket);
        assertThatExceptionOfType(PlatformException.DeviceMissing.class)
                .isThrownBy(() -> AzurePlatform.open(new Unclosed(socket), CERTIFICATES));
        Tpm.LoadedKey made = tpm.createAttestationKey();
        tpm.persist(made.handle(), AzureVtpm.ATTESTATION_KEY);
        tpm.flush(made.handle());
        key = made.publicArea().key();
        Bytes blob = TestVtpm.blob(TestVtpm.json(key, Bytes.EMPTY));
        tpm.nvDefine(AzureVtpm.BLOB, blob.length());
        tpm.nvWrite(AzureVtpm.BLOB, blob);
        platform = AzurePlatform.open(socket, CERTIFICATES);
    }

    @AfterAll
    static void stop() {
        swtpm.ifPresent(running -> {
            platform.close();
            running.close();
        });
    }

    private static AzureEvidence evidence() {
        return (AzureEvidence) platform.attest(DATA);
    }

    private static Examination examine(AzureEvidence evidence, Demanded demanded) {
        return new EvidenceVerifier().examine(evidence, demanded, TestChips.roots(ProductLine.GENOA), TestChips.AT);
    }

    private static List<String> failed(AzureEvidence evidence) {
        return failed(evidence, Demanded.data(DATA));
    }

    private static List<String> failed(AzureEvidence evidence, Demanded demanded) {
        Examination examination = examine(evidence, demanded);
        List<String> names = examination.checks().stream()
                .filter(check -> check.result() == Check.Result.FAILED)
                .map(Check::name)
                .toList();
        assertThat(examination.genuine().isPresent()).isEqualTo(names.isEmpty());
        return names;
    }

    @Test
    void evidenceOverTheGuestsBytesIsGenuine() {
        Examination examination = examine(evidence(), Demanded.data(DATA));

        assertThat(examination.genuine()).as("%s", examination.checks()).isPresent();
        assertThat(examination.genuine().get().quote()).isPresent();
        assertThat(evidence().quote().pcrs().values()).hasSize(24);
    }

    @Test
    void serviceAnswersLeavesByQuotes() throws Exception {
        try (AttestationService service =
                new AttestationService(platform, TestChips::keys, AttestationService.Settings.DEFAULT)) {
            Leaf leaf = Leaf.restNonce(TestChips.filled(32, 1), TestChips.filled(32, 2));
            Evidence evidence = Evidence.decode(
                    service.attest(leaf).get(30, TimeUnit.SECONDS).encode());

            assertThat(new EvidenceVerifier()
                            .examine(evidence, leaf, TestChips.roots(ProductLine.GENOA), TestChips.AT)
                            .genuine())
                    .isPresent();
        }
    }

    @Test
    void refusesBytesThatNobodyDemanded() {
        assertThat(failed(evidence(), Demanded.data(TestChips.filled(64, 1)))).containsExactly("quote-nonce");
    }

    @Test
    void refusesAnotherSelection() {
        AzureEvidence good = evidence();
        QuoteEvidence some = new AzureVtpm(tpm).quote(DATA, PcrSelection.sha256(List.of(0, 7)));
        QuoteEvidence claimsAll =
                new QuoteEvidence(some.quote(), some.signature(), good.quote().pcrs(), Bytes.EMPTY);

        assertThat(failed(new AzureEvidence(good.blob(), good.collateral(), claimsAll)))
                .containsExactly("pcr-selection");
    }

    @Test
    void refusesAQuoteByAnotherKeyOfTheSameTpm() {
        AzureEvidence good = evidence();
        Tpm.LoadedKey other = tpm.createAttestationKey();
        QuoteEvidence quote = tpm.quoted(other.handle(), DATA, PcrSelection.ALL);
        tpm.flush(other.handle());

        assertThat(failed(new AzureEvidence(good.blob(), good.collateral(), quote)))
                .containsExactly("quote-signature");
    }

    @Test
    void refusesTheQuoteOfOneMachineWithTheBlobOfAnother() {
        AzureEvidence good = evidence();

        assertThat(failed(new AzureEvidence(TestVtpm.second().blob(), good.collateral(), good.quote())))
                .containsExactly("quote-signature");
    }

    @Test
    void waitsForAReportOverUserDataAndNoLongerThanAllowed() throws InterruptedException {
        Bytes userData = TestChips.filled(64, 0x3c);
        assertThatExceptionOfType(PlatformException.TimedOut.class)
                .isThrownBy(() -> platform.freshBlob(userData, Duration.ofMillis(300)));
        Thread paravisor = Thread.ofVirtual().start(() -> {
            sleep();
            tpm.nvWrite(AzureVtpm.BLOB, TestVtpm.blob(TestVtpm.json(key, tpm.nvRead(AzureVtpm.USER_DATA))));
        });

        Bytes blob = platform.freshBlob(userData, Duration.ofSeconds(20));

        paravisor.join();
        assertThat(HclReport.parse(blob).claims().userData()).contains(userData);
        Demanded demanded = new Demanded(Optional.empty(), Optional.of(DATA), Optional.of(userData));
        assertThat(failed(evidence(), demanded)).isEmpty();
    }

    private static void sleep() {
        try {
            Thread.sleep(400);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void saysPlainlyWhatItDoesNotHave() {
        assertThatExceptionOfType(PlatformException.Unsupported.class)
                .isThrownBy(() -> platform.derivedKey(WithSimulator.request(RootKey.VCEK, 0)))
                .withMessageContaining("no keys of the chip");
        assertThatExceptionOfType(PlatformException.Unsupported.class).isThrownBy(() -> platform.report(DATA));
        assertThat(platform.name()).contains("Azure");
    }

    @Test
    void needsCertificatesFromSomewhere() {
        AzurePlatform without = AzurePlatform.open(new Unclosed(socket), CollateralSource.NONE);

        assertThatExceptionOfType(PlatformException.CollateralMissing.class).isThrownBy(() -> without.attest(DATA));
        assertThat(platform.collateral()).isEqualTo(TestVtpm.collateral());
    }
}
