package io.cloister.attestation.kds;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.kds.CollateralSettings.Limits;
import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revocation lists from the service, and what stands in while it is away. */
class RevocationLookupTest {
    private static final String PATH = "/vcek/v1/Genoa/crl";
    private static final Instant AT = TestChips.AT;

    @TempDir
    private Path folder;

    private final FakeKds server = new FakeKds();
    private final TestAuthority genoa = TestChips.authority(ProductLine.GENOA);
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);

    @AfterEach
    void close() {
        server.close();
    }

    private Bytes list(int daysFrom, int daysUntil) {
        return genoa.revocationList(AT.plus(Duration.ofDays(daysFrom)), AT.plus(Duration.ofDays(daysUntil)), List.of());
    }

    private Finding<Bytes> seek(boolean online, Duration within) {
        try (CollateralService service = service(online, Duration.ofHours(24))) {
            return service.revocations(ProductLine.GENOA, SigningKeyKind.VCEK, within);
        }
    }

    private CollateralService service(boolean online, Duration refresh) {
        Limits limits = Limits.DEFAULT
                .withTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(20))
                .withMemoryTimes(refresh, Duration.ZERO);
        CollateralSettings settings = CollateralSettings.NONE
                .withTestRoots(TestChips.roots(ProductLine.GENOA))
                .withStore(folder)
                .withLimits(limits);
        server.issuers(new ChipKey(chip.line(), chip.chipId(), chip.tcb()), chip.collateral());
        return new CollateralService(online ? settings.withKds(server.base()) : settings, InstantSource.fixed(AT));
    }

    private Finding<Bytes> seek(boolean online) {
        return seek(online, Duration.ofSeconds(30));
    }

    @Test
    void comesFromTheServiceAndStaysForTimesWithoutIt() {
        Bytes list = list(-1, 1);
        server.on(PATH, FakeKds.bytes(list));

        assertThat(seek(true)).isEqualTo(Finding.of(list, "kds", List.of()));
        assertThat(seek(false).value()).contains(list);
        server.on(PATH, FakeKds.status(500));
        Finding<Bytes> without = seek(true);
        assertThat(without.value()).contains(list);
        assertThat(without.source()).isEqualTo("store");
        assertThat(without.misses().getFirst().reason()).isEqualTo(Reason.REFUSED);
    }

    @Test
    void isAskedForOnceInTheRefreshTime() {
        server.on(PATH, FakeKds.bytes(list(-1, 1)));
        for (Duration refresh : List.of(Duration.ofHours(1), Duration.ZERO)) {
            long before = server.count(PATH);
            try (CollateralService service = service(true, refresh)) {
                for (int i = 0; i < 3; i++) {
                    service.revocations(ProductLine.GENOA, SigningKeyKind.VCEK, Duration.ofSeconds(30));
                }
            }
            assertThat(server.count(PATH) - before).isEqualTo(refresh.isZero() ? 3 : 1);
        }
    }

    @Test
    void isAskedForAgainWellBeforeItEnds() throws InterruptedException {
        server.on(PATH, FakeKds.bytes(genoa.revocationList(AT.minusSeconds(60), AT.plusSeconds(4), List.of())));
        try (CollateralService service = service(true, Duration.ofHours(24))) {
            for (int i = 0; i < 3; i++) {
                service.revocations(ProductLine.GENOA, SigningKeyKind.VCEK, Duration.ofSeconds(30));
            }
            assertThat(server.count(PATH)).isEqualTo(1);
            Thread.sleep(2_200); // half of what is left of the list
            service.revocations(ProductLine.GENOA, SigningKeyKind.VCEK, Duration.ofSeconds(30));
            assertThat(server.count(PATH)).isEqualTo(2);
        }
    }

    @Test
    void newerListIsNotReplacedByAnOlderOne() {
        Bytes newer = list(-1, 1);
        server.on(PATH, FakeKds.bytes(newer));
        seek(true);
        server.on(PATH, FakeKds.bytes(list(-2, 2)));

        assertThat(seek(true).value()).contains(newer);
        assertThat(seek(false).value()).contains(newer);
    }

    @Test
    void standsInFromDiskWhenTheServiceIsSlowerThanTheCaller() {
        Bytes list = list(-1, 1);
        server.on(PATH, FakeKds.bytes(list));
        seek(true);
        server.on(PATH, FakeKds.late(Duration.ofSeconds(20), FakeKds.status(404)));

        Finding<Bytes> found = seek(true, Duration.ofMillis(200));

        assertThat(found.value()).contains(list);
        assertThat(found.misses().getFirst().reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void refusesListsThatDoNotCount() {
        server.on(PATH, FakeKds.bytes(list(-2, -1)));
        assertThat(seek(true).misses().getFirst().reason()).isEqualTo(Reason.OUT_OF_DATE);
        server.on(PATH, FakeKds.bytes(list(1, 2)));
        assertThat(seek(true).misses().getFirst().reason()).isEqualTo(Reason.OUT_OF_DATE);
        server.on(
                PATH,
                FakeKds.bytes(TestChips.stranger().revocationList(AT.minusSeconds(9), AT.plusSeconds(9), List.of())));
        assertThat(seek(true).misses().getFirst().reason()).isEqualTo(Reason.UNTRUSTED);
        server.on(PATH, FakeKds.text("no list"));
        assertThat(seek(true).misses().getFirst().reason()).isEqualTo(Reason.MALFORMED);
        assertThat(seek(false).value()).isEmpty();
    }
}
