package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Demanded;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.tpm.AzureVtpm;
import io.cloister.attestation.tpm.GoogleVtpm;
import io.cloister.attestation.tpm.TestTemplates;
import io.cloister.attestation.tpm.TestVtpm;
import io.cloister.attestation.tpm.Tpm;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Machines made of a simulated guest, a software TPM and what their firmware says. */
class PlatformDetectorTest extends WithSimulator {
    private static final TestGoogle GOOGLE = new TestGoogle();

    private Optional<Swtpm> swtpm = Optional.empty();

    @AfterEach
    void stopTpm() {
        swtpm.ifPresent(Swtpm::close);
    }

    private Path none() {
        return folder.resolve("none");
    }

    private Path vendor(String vendor, String product) throws IOException {
        Path dmi = Files.createDirectory(folder.resolve("dmi"));
        Files.writeString(dmi.resolve("sys_vendor"), vendor + "\n");
        Files.writeString(dmi.resolve("product_name"), product + "\n");
        return dmi;
    }

    private GuestSimulator guest() throws IOException {
        start(TestChips.chip(ProductLine.GENOA), GUEST).close();
        return simulator.orElseThrow();
    }

    private Path tpm(long index, Bytes content) throws IOException {
        Path state = Files.createDirectory(folder.resolve("tpm"));
        swtpm = Optional.of(Swtpm.start(state, true));
        try (TpmConnection connection = TpmConnection.to(state.resolve("tpm"))) {
            write(connection, index, content);
        }
        return state.resolve("tpm");
    }

    private static void write(TpmConnection connection, long index, Bytes content) {
        Tpm tpm = new Tpm(connection);
        tpm.nvDefine(index, content.length());
        tpm.nvWrite(index, content);
    }

    @Test
    void saysWhatItLookedAtWhereNothingGivesEvidence() {
        Detection detection = PlatformDetector.detect(new PlatformPlaces(none(), none(), none(), none()));

        assertThat(detection.kind()).isEmpty();
        assertThat(detection.findings()).hasSize(5).noneMatch(Detection.Finding::there);
        assertThat(detection.summary())
                .startsWith("nothing that gives evidence (vendor in ")
                .contains("guest device " + none() + ": DeviceMissing")
                .contains("configfs-tsm " + none() + ": ")
                .contains("Azure's report at index 0x01400001")
                .contains("Google's certificate at index 0x01c10000");
    }

    @Test
    void takesTheDeviceBeforeConfigfsTsm() throws IOException {
        GuestSimulator guest = guest();
        Detection both = PlatformDetector.detect(new PlatformPlaces(guest.device(), guest.tsm(), none(), none()));
        Detection tree = PlatformDetector.detect(new PlatformPlaces(none(), guest.tsm(), none(), none()));

        assertThat(both.kind()).contains(PlatformKind.SEV_GUEST);
        assertThat(both.summary()).contains("opens through").contains("served by sev_guest");
        assertThat(tree.kind()).contains(PlatformKind.CONFIGFS_TSM);
        assertThat(Files.list(guest.tsm())).isEmpty();
    }

    @Test
    void knowsAzureByTheReportInItsTpm() throws IOException {
        Path tpm = tpm(AzureVtpm.BLOB, TestVtpm.first().blob());
        Detection detection = PlatformDetector.detect(
                new PlatformPlaces(none(), none(), tpm, vendor("Microsoft Corporation", "Virtual Machine")));

        assertThat(detection.kind()).contains(PlatformKind.AZURE);
        assertThat(detection.summary()).contains("Microsoft Corporation Virtual Machine");
        try (Platform platform = new Platforms(
                        new PlatformPlaces(none(), none(), tpm, none()), CollateralSource.NONE, List.of())
                .open(PlatformKind.AZURE)) {
            assertThat(platform.name()).contains(tpm.toString());
        }
    }

    @Test
    void knowsGoogleCloudByVendorGuestAndCertificate() throws IOException {
        Bytes template = TestTemplates.attestationKey();
        Path tpm = tpm(GoogleVtpm.TEMPLATE, template);
        try (TpmConnection connection = TpmConnection.to(tpm)) {
            Tpm client = new Tpm(connection);
            Tpm.LoadedKey key = client.createPrimary(Tpm.ENDORSEMENT, template);
            client.flush(key.handle());
            write(
                    connection,
                    GoogleVtpm.CERTIFICATE,
                    GOOGLE.attestationKey(key.publicArea().key()));
        }
        GuestSimulator guest = guest();
        Path google = vendor("Google", "Google Compute Engine");
        PlatformPlaces places = new PlatformPlaces(none(), guest.tsm(), tpm, google);

        assertThat(PlatformDetector.detect(places).kind()).contains(PlatformKind.GCP);
        assertThat(PlatformDetector.detect(new PlatformPlaces(none(), none(), tpm, google))
                        .kind())
                .isEmpty();
        assertThat(PlatformDetector.detect(new PlatformPlaces(guest.device(), none(), tpm, none()))
                        .kind())
                .contains(PlatformKind.SEV_GUEST);
        refusesWithoutAuthoritiesAndAttestsWithThem(places);
    }

    /** The report comes through configfs-tsm here, as there is no device. */
    private void refusesWithoutAuthoritiesAndAttestsWithThem(PlatformPlaces places) throws IOException {
        assertThatExceptionOfType(PlatformException.CollateralMissing.class)
                .isThrownBy(() -> new Platforms(places, CollateralSource.NONE, List.of()).open(PlatformKind.GCP));
        Path certificates = Files.createDirectories(folder.resolve("certificates/Google"));
        Files.write(certificates.resolve("root.der"), GOOGLE.root.toArray());
        Files.write(certificates.resolve("intermediate.crt"), GOOGLE.intermediate.toArray());
        Files.writeString(certificates.resolve("notes.txt"), "not read");
        List<Bytes> authorities = GoogleAuthorities.in(certificates.getParent());
        assertThat(authorities).containsExactlyInAnyOrder(GOOGLE.root, GOOGLE.intermediate);
        try (Platform platform = new Platforms(places, CollateralSource.NONE, authorities).open(PlatformKind.GCP)) {
            HardwareEvidence evidence = platform.attest(DATA);
            Set<Bytes> roots = new HashSet<>(TestChips.roots(ProductLine.GENOA));
            roots.add(GOOGLE.rootDigest());

            assertThat(evidence).isInstanceOf(GoogleEvidence.class);
            assertThat(new EvidenceVerifier()
                            .examine(evidence, Demanded.data(DATA), roots, TestChips.AT)
                            .genuine())
                    .isPresent();
        }
    }

    @Test
    void readsNoAuthoritiesFromBrokenFiles() throws IOException {
        Path certificates = Files.createDirectories(folder.resolve("Google"));
        assertThat(GoogleAuthorities.in(none())).isEmpty();
        Files.writeString(certificates.resolve("a.pem"), "not a certificate");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> GoogleAuthorities.in(folder));
    }

    @Test
    void opensATpmAnewAfterItsTransportHasClosed() throws IOException {
        Path path = tpm(AzureVtpm.BLOB, TestVtpm.first().blob());
        try (TpmConnection connection = TpmConnection.to(path)) {
            AzureVtpm azure = new AzureVtpm(new Tpm(connection));
            Bytes blob = azure.blob();
            connection.close();

            assertThat(azure.blob()).isEqualTo(blob);
        }
    }
}
