package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.kds.ChipKey;
import io.cloister.attestation.kds.CollateralFolder;
import io.cloister.attestation.kds.CollateralSettings;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and revocation lists for a guest's own evidence. */
class GuestCollateralTest {
    private static final SimulatedChip CHIP = TestChips.chip(ProductLine.GENOA);
    private static final ChipKey KEY = new ChipKey(ProductLine.GENOA, CHIP.chipId(), CHIP.tcb());
    private static final Bytes REPORT = CHIP.sign(TestChips.report(CHIP, 3));

    @TempDir
    private Path folder;

    private static Bytes list(Duration fromNow) {
        Instant now = Instant.now();
        return TestChips.authority(ProductLine.GENOA)
                .revocationList(now.minus(Duration.ofDays(2)), now.plus(fromNow), List.of());
    }

    private void keep(Bytes list) throws IOException {
        new CollateralFolder(folder).store(KEY, CHIP.collateral());
        Files.write(folder.resolve("Genoa/vcek.crl"), list.toArray());
    }

    @Test
    void theFoldersListTravelsWithTheEvidence() throws IOException {
        keep(list(Duration.ofDays(30)));
        try (GuestCollateral source = new GuestCollateral(Optional.of(folder), CollateralSettings.NONE)) {
            assertThat(HostCertificates.of(REPORT, Bytes.EMPTY, source))
                    .isEqualTo(
                            CHIP.collateral().with(Bytes.wrap(Files.readAllBytes(folder.resolve("Genoa/vcek.crl")))));
        }
    }

    @Test
    void aListThatCountsNoMoreOrIsNoneStaysAtHome() throws IOException {
        for (Bytes useless : List.of(list(Duration.ofDays(-1)), Bytes.utf8("no list"), Bytes.EMPTY)) {
            keep(useless);
            try (GuestCollateral source = new GuestCollateral(Optional.of(folder), CollateralSettings.NONE)) {
                assertThat(HostCertificates.of(REPORT, Bytes.EMPTY, source)).isEqualTo(CHIP.collateral());
            }
        }
    }

    @Test
    void withoutSourcesThereIsNothing() {
        try (GuestCollateral source = new GuestCollateral(Optional.empty(), CollateralSettings.NONE)) {
            assertThat(source.find(KEY)).isEmpty();
            assertThat(source.revocations(ProductLine.GENOA, SigningKeyKind.VCEK))
                    .isEmpty();
        }
    }

    @Test
    void aServiceThatNeverAnswersHoldsNoReportUpTwice() throws IOException {
        try (ServerSocket silent = new ServerSocket(0);
                GuestCollateral source = new GuestCollateral(
                        Optional.empty(),
                        CollateralSettings.NONE.withKds(URI.create("http://127.0.0.1:" + silent.getLocalPort())))) {
            long begin = System.nanoTime();
            assertThat(source.revocations(ProductLine.GENOA, SigningKeyKind.VCEK))
                    .isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(4));
            long again = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertThat(source.revocations(ProductLine.GENOA, SigningKeyKind.VCEK))
                        .isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - again)).isLessThan(Duration.ofMillis(400));
        }
    }

    @Test
    void theNetworksListIsTakenWhenItIsThere() throws IOException {
        keep(list(Duration.ofDays(30)));
        try (ServerSocket silent = new ServerSocket(0);
                GuestCollateral source = new GuestCollateral(
                        Optional.of(folder),
                        CollateralSettings.NONE
                                .withTestRoots(TestChips.roots(ProductLine.GENOA))
                                .withThim(URI.create("http://127.0.0.1:" + silent.getLocalPort())))) {
            // only a store answers for lists here: Azure's service has none
            assertThat(source.revocations(ProductLine.GENOA, SigningKeyKind.VCEK))
                    .isPresent();
            assertThat(source.find(KEY)).contains(CHIP.collateral());
        }
    }
}
