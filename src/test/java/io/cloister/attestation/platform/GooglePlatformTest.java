package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Check;
import io.cloister.attestation.Demanded;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Examination;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.DerivedKeyRequest.RootKey;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.tpm.GoogleVtpm;
import io.cloister.attestation.tpm.PcrSelection;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.attestation.tpm.RsaKey;
import io.cloister.attestation.tpm.TestTemplates;
import io.cloister.attestation.tpm.Tpm;
import io.cloister.attestation.tpm.TpmException;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A software TPM with Google's template and a certificate by a test authority, from the platform to the verdict. */
class GooglePlatformTest {
    private static final Bytes DATA = TestChips.filled(64, 0x5a);
    private static final TestGoogle GOOGLE = new TestGoogle();
    private static final List<Bytes> AUTHORITIES = List.of(GOOGLE.namesake, GOOGLE.root, GOOGLE.intermediate);
    private static final int ROOM = 1800;

    @TempDir
    static Path folder;

    private static Optional<Swtpm> swtpm = Optional.empty();
    private static TpmSocket socket;
    private static Tpm tpm;
    private static RsaKey key;
    private static GooglePlatform platform;

    private static Platform guest() {
        return new PureJavaPlatform(TestChips.chip(ProductLine.GENOA), SimulatedGuest.of(TestChips.MEASUREMENT));
    }

    private static GooglePlatform open(List<Bytes> authorities) {
        return GooglePlatform.open(guest(), new Unclosed(socket), authorities);
    }

    @BeforeAll
    static void start() throws IOException {
        swtpm = Optional.of(Swtpm.start(folder, true));
        socket = swtpm.get().connect();
        tpm = new Tpm(socket);
        assertThatExceptionOfType(PlatformException.DeviceMissing.class).isThrownBy(() -> open(AUTHORITIES));
        Bytes template = TestTemplates.attestationKey();
        tpm.nvDefine(GoogleVtpm.TEMPLATE, template.length());
        tpm.nvWrite(GoogleVtpm.TEMPLATE, template);
        Tpm.LoadedKey made = tpm.createPrimary(Tpm.ENDORSEMENT, template);
        tpm.flush(made.handle());
        key = made.publicArea().key();
        tpm.nvDefine(GoogleVtpm.CERTIFICATE, ROOM);
        tpm.nvWrite(GoogleVtpm.CERTIFICATE, Bytes.zeros(ROOM));
        tpm.nvWrite(GoogleVtpm.CERTIFICATE, GOOGLE.attestationKey(key));
        platform = open(AUTHORITIES);
    }

    @AfterAll
    static void stop() {
        swtpm.ifPresent(running -> {
            platform.close();
            socket.close();
            running.close();
        });
    }

    private static GoogleEvidence evidence() {
        return (GoogleEvidence) platform.attest(DATA);
    }

    private static Examination examine(GoogleEvidence evidence, Demanded demanded, Bytes... further) {
        Set<Bytes> roots = new HashSet<>(TestChips.roots(ProductLine.GENOA));
        roots.addAll(List.of(further));
        return new EvidenceVerifier().examine(evidence, demanded, roots, TestChips.AT);
    }

    private static List<String> failed(GoogleEvidence evidence) {
        return failed(examine(evidence, Demanded.data(DATA), GOOGLE.rootDigest()));
    }

    private static List<String> failed(Examination examination) {
        List<String> names = examination.checks().stream()
                .filter(check -> check.result() == Check.Result.FAILED)
                .map(Check::name)
                .toList();
        assertThat(examination.genuine().isPresent())
                .isEqualTo(Set.of("binding").containsAll(names));
        return names;
    }

    private static GoogleEvidence with(GoogleEvidence good, QuoteEvidence quote) {
        return new GoogleEvidence(good.report(), good.collateral(), quote, good.keyCertificates());
    }

    private static GoogleEvidence with(GoogleEvidence good, Bytes... chain) {
        return new GoogleEvidence(good.report(), good.collateral(), good.quote(), List.of(chain));
    }

    @Test
    void reportAndQuoteOverTheGuestsBytesAreGenuine() {
        GoogleEvidence evidence = evidence();

        assertThat(failed(evidence)).isEmpty();
        assertThat(evidence.keyCertificates())
                .containsExactly(GOOGLE.attestationKey(key), GOOGLE.intermediate, GOOGLE.root);
    }

    @Test
    void refusesBytesThatNobodyDemanded() {
        assertThat(failed(examine(evidence(), Demanded.data(TestChips.filled(64, 1)), GOOGLE.rootDigest())))
                .containsExactly("binding", "quote-nonce");
    }

    @Test
    void refusesTheReportOfOneMachineWithTheQuoteOfAnother() {
        GoogleEvidence good = evidence();
        GoogleEvidence other = (GoogleEvidence) platform.attest(TestChips.filled(64, 2));

        assertThat(failed(with(good, other.quote()))).containsExactly("quote-nonce");
        assertThat(failed(new GoogleEvidence(other.report(), other.collateral(), good.quote(), good.keyCertificates())))
                .containsExactly("binding");
    }

    @Test
    void refusesAnotherSelection() {
        GoogleEvidence good = evidence();
        QuoteEvidence some = new GoogleVtpm(tpm).quote(DATA, PcrSelection.sha256(List.of(0, 7)));

        assertThat(failed(with(
                        good,
                        new QuoteEvidence(
                                some.quote(), some.signature(), good.quote().pcrs(), Bytes.EMPTY))))
                .containsExactly("pcr-selection");
    }

    @Test
    void refusesAQuoteByAnotherKey() {
        Tpm.LoadedKey other = tpm.createAttestationKey();
        QuoteEvidence quote = tpm.quoted(other.handle(), DATA, PcrSelection.ALL);
        tpm.flush(other.handle());

        assertThat(failed(with(evidence(), quote))).containsExactly("quote-signature");
    }

    @Test
    void refusesChainsThatDoNotVouchForAnAttestationKey() {
        GoogleEvidence good = evidence();
        assertThat(failed(examine(good, Demanded.data(DATA))))
                .containsExactly("quote-signature"); // nobody names the root
        for (Bytes leaf : List.of(GOOGLE.expired(key), GOOGLE.endorsementKey(key), GOOGLE.authorityWithKey(key))) {
            assertThat(failed(with(good, leaf, GOOGLE.intermediate, GOOGLE.root)))
                    .containsExactly("quote-signature");
        }
        Bytes leaf = good.keyCertificates().getFirst();
        assertThat(failed(with(good, leaf, GOOGLE.namesake, GOOGLE.root))).containsExactly("quote-signature");
        assertThat(failed(with(good, leaf, GOOGLE.root))).containsExactly("quote-signature");
        assertThat(failed(with(good, GOOGLE.intermediate, GOOGLE.root))).containsExactly("quote-signature");
        assertThat(failed(with(good, leaf))).containsExactly("quote-signature");
        assertThat(failed(with(good))).containsExactly("quote-signature");
    }

    @Test
    void saysWhenTheAuthoritysCertificatesAreMissing() {
        for (List<Bytes> authorities :
                List.of(List.<Bytes>of(), List.of(GOOGLE.root), List.of(GOOGLE.namesake, GOOGLE.root))) {
            assertThatExceptionOfType(PlatformException.CollateralMissing.class).isThrownBy(() -> open(authorities));
        }
    }

    @Test
    void refusesACertificateOfAnotherKeyAtOnce() {
        Bytes own = tpm.nvRead(GoogleVtpm.CERTIFICATE);
        Tpm.LoadedKey other = tpm.createAttestationKey();
        tpm.flush(other.handle());
        tpm.nvWrite(
                GoogleVtpm.CERTIFICATE, GOOGLE.attestationKey(other.publicArea().key()));
        try (GooglePlatform mixed = open(AUTHORITIES)) {
            assertThatExceptionOfType(PlatformException.MalformedAnswer.class).isThrownBy(() -> mixed.attest(DATA));
        } finally {
            tpm.nvWrite(GoogleVtpm.CERTIFICATE, own);
        }
    }

    @Test
    void loadsItsKeyAgainWhenTheTpmHasForgottenIt() {
        try (GooglePlatform own = open(AUTHORITIES)) {
            assertThat(failed((GoogleEvidence) own.attest(DATA))).isEmpty();
            for (long handle = 0x80000000L; handle < 0x80000003L; handle++) {
                flush(handle);
            }
            assertThat(failed((GoogleEvidence) own.attest(DATA))).isEmpty();
            assertThat(own.derivedKey(WithSimulator.request(RootKey.VCEK, 0))).isNotNull();
        }
    }

    private static void flush(long handle) {
        try {
            tpm.flush(handle);
        } catch (TpmException.Refused e) {
            assertThat(e.kind()).isNotNull();
        }
    }
}
