package io.cloister.attestation.kds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.kds.CollateralSettings.Limits;
import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups against a server that plays AMD's service and Azure's, well and badly. */
class CollateralServiceTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String CHAIN = "/vcek/v1/Genoa/cert_chain";
    private static final Limits LIMITS =
            Limits.DEFAULT.withTimes(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMillis(20));

    @TempDir
    private Path folder;

    private final FakeKds server = new FakeKds();
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final ChipKey key = key(chip);
    private final List<CollateralService> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(CollateralService::close);
        server.close();
    }

    private static ChipKey key(SimulatedChip chip) {
        return new ChipKey(chip.line(), chip.chipId(), chip.tcb());
    }

    private CollateralSettings settings() {
        return CollateralSettings.NONE.withLimits(LIMITS).withTestRoots(TestChips.roots(ProductLine.GENOA));
    }

    private CollateralService service(CollateralSettings settings) {
        return service(settings, TestChips.AT);
    }

    private CollateralService service(CollateralSettings settings, Instant now) {
        CollateralService service = new CollateralService(settings, InstantSource.fixed(now));
        open.add(service);
        return service;
    }

    private CollateralService kds() {
        return service(settings().withKds(server.base()));
    }

    private Finding<Collateral> seek(CollateralService service) {
        return service.collateral(key, Optional.empty(), LONG);
    }

    private static void missed(Finding<?> finding, String source, Reason reason) {
        assertThat(finding.value()).isEmpty();
        assertThat(finding.misses().getLast().source()).as(finding.summary()).isEqualTo(source);
        assertThat(finding.misses().getLast().reason()).as(finding.summary()).isEqualTo(reason);
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void findsAChipOfEachLineAtTheServiceAndThenRemembersIt(ProductLine line) {
        SimulatedChip other = TestChips.chip(line);
        server.serve(key(other), other.collateral());
        CollateralService service = kds();

        Finding<Collateral> first = service.collateral(key(other), Optional.empty(), LONG);
        Finding<Collateral> second = service.collateral(key(other), Optional.empty(), LONG);

        assertThat(first).isEqualTo(Finding.of(other.collateral(), "kds", List.of()));
        assertThat(second.source()).isEqualTo("memory");
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void takesTheFirstSourceThatHelps() throws IOException {
        CollateralService all =
                service(settings().withThim(server.base()).withStore(folder).withKds(server.base()));
        server.serve(key, chip.collateral()).thim(chip.collateral());

        assertThat(all.collateral(key, Optional.of(chip.collateral()), LONG).source())
                .isEqualTo("evidence");
        assertThat(server.asked()).isEmpty();
        assertThat(seek(all).source()).isEqualTo("thim");
        assertThat(server.asked()).containsExactly(AzureThim.PATH);
        assertThat(seek(service(settings().withStore(folder).withKds(server.base())))
                        .source())
                .isEqualTo("store");
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void goesOnAfterEachSourceThatDoesNotHelpAndSaysWhy() {
        SimulatedChip other = TestChips.chip(ProductLine.GENOA);
        server.serve(key, chip.collateral()).thim(other.collateral());
        CollateralService all =
                service(settings().withThim(server.base()).withStore(folder).withKds(server.base()));

        Finding<Collateral> found = all.collateral(key, Optional.of(other.collateral()), LONG);

        assertThat(found.value()).contains(chip.collateral());
        assertThat(found.source()).isEqualTo("kds");
        assertThat(found.misses().stream().map(Miss::source)).containsExactly("evidence", "thim", "store");
        assertThat(found.misses().stream().map(Miss::reason))
                .containsExactly(Reason.MISMATCH, Reason.MISMATCH, Reason.ABSENT);
        assertThat(seek(service(settings().withStore(folder))).source()).isEqualTo("store");
    }

    @Test
    void asksAzureOnceForManyChips() {
        server.thim(chip.collateral());
        CollateralService service = service(settings().withThim(server.base()));
        for (int i = 0; i < 5; i++) {
            missed(
                    service.collateral(key(TestChips.chip(ProductLine.GENOA)), Optional.empty(), LONG),
                    "thim",
                    Reason.MISMATCH);
        }
        assertThat(seek(service).source()).isEqualTo("thim");
        assertThat(server.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "{\"vcekCert\":7}", "{\"vcekCert\":\"-----BEGIN CERTIFICATE-----\"}", "<html>"})
    void refusesWhatIsNoAnswerOfAzure(String answer) {
        server.on(AzureThim.PATH, FakeKds.text(answer));

        missed(seek(service(settings().withThim(server.base()))), "thim", Reason.MALFORMED);
    }

    @Test
    void fiftyCallersMakeOneRequest() throws Exception {
        server.serve(key, chip.collateral())
                .on(
                        AmdKds.path(key),
                        FakeKds.late(
                                Duration.ofMillis(300),
                                FakeKds.bytes(chip.collateral().vek())));
        CollateralService service = kds();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Finding<Collateral>>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(() -> seek(service));
            }
            for (Future<Finding<Collateral>> answer : callers.invokeAll(calls)) {
                assertThat(answer.get().value()).contains(chip.collateral());
            }
        }
        assertThat(server.count(AmdKds.path(key))).isEqualTo(1);
        assertThat(server.count(CHAIN)).isEqualTo(1);
    }

    @Test
    void asksAgainAfterThrottling() {
        server.serve(key, chip.collateral())
                .on(
                        AmdKds.path(key),
                        FakeKds.status(429),
                        FakeKds.status(503, "Retry-After", "0"),
                        FakeKds.status(429, "Retry-After", "soon"),
                        FakeKds.bytes(chip.collateral().vek()));

        assertThat(seek(kds()).value()).contains(chip.collateral());
        assertThat(server.count(AmdKds.path(key))).isEqualTo(4);
    }

    @Test
    void waitsAsLongAsTheServiceAsks() {
        server.serve(key, chip.collateral())
                .on(
                        AmdKds.path(key),
                        FakeKds.status(429, "Retry-After", "1"),
                        FakeKds.bytes(chip.collateral().vek()));
        long begin = System.nanoTime();

        assertThat(seek(kds()).value()).contains(chip.collateral());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void waitsNoLongerThanItsLimitAndSparesTheServiceMeanwhile() {
        server.serve(key, chip.collateral()).on(AmdKds.path(key), FakeKds.status(429, "Retry-After", "100"));
        SimulatedChip other = TestChips.chip(ProductLine.GENOA);
        server.on(AmdKds.path(key(other)), FakeKds.bytes(other.collateral().vek()));
        CollateralService service = kds();

        missed(seek(service), "kds", Reason.THROTTLED);
        missed(service.collateral(key(other), Optional.empty(), LONG), "kds", Reason.THROTTLED);
        assertThat(server.count(AmdKds.path(key))).isEqualTo(1);
        assertThat(server.count(AmdKds.path(key(other)))).isZero();
    }

    @Test
    void endsWhenThrottlingDoesNot() {
        server.serve(key, chip.collateral()).on(AmdKds.path(key), FakeKds.status(429));
        Limits brief = LIMITS.withTimes(Duration.ofSeconds(3), Duration.ofSeconds(3), Duration.ofMillis(100));

        missed(seek(service(settings().withKds(server.base()).withLimits(brief))), "kds", Reason.THROTTLED);
        assertThat(server.count(AmdKds.path(key))).isBetween(2L, 6L);
    }

    @Test
    void readsAPauseThatIsADate() {
        server.serve(key, chip.collateral())
                .on(AmdKds.path(key), FakeKds.status(429, "Retry-After", "Fri, 20 Nov 2026 12:02:00 GMT"));

        Finding<Collateral> found = seek(kds());

        missed(found, "kds", Reason.THROTTLED);
        assertThat(found.summary()).contains("a pause of 119 s");
    }

    @Test
    void doesNotAskAgainAtOnceForAChipThatTheServiceDoesNotKnow() {
        server.issuers(key, chip.collateral());
        CollateralService service = kds();

        missed(seek(service), "kds", Reason.ABSENT);
        missed(seek(service), "kds", Reason.ABSENT);
        assertThat(server.count(AmdKds.path(key))).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 403, 500})
    void followsNoRedirectAndRefusesOtherStatus(int status) {
        server.serve(key, chip.collateral())
                .on("/elsewhere", FakeKds.bytes(chip.collateral().vek()))
                .on(AmdKds.path(key), FakeKds.status(status, "Location", server.base() + "/elsewhere"));

        missed(seek(kds()), "kds", Reason.REFUSED);
        assertThat(server.count("/elsewhere")).isZero();
    }

    @Test
    void refusesCertificateOfAnotherChipOrTcbAndKeepsNothing() {
        SimulatedChip other = TestChips.chip(ProductLine.GENOA);
        SimulatedChip older = TestChips.authority(ProductLine.GENOA).issueChip(chip.chipId(), Tcb.early(10, 0, 22, 84));
        for (Collateral wrong : List.of(other.collateral(), older.collateral())) {
            server.serve(key, chip.collateral()).on(AmdKds.path(key), FakeKds.bytes(wrong.vek()));
            missed(seek(service(settings().withKds(server.base()).withStore(folder))), "kds", Reason.MISMATCH);
        }
        assertThat(folder.resolve("Genoa").resolve(chip.chipId().toHex())).doesNotExist();
    }

    @Test
    void refusesChainOfARootThatIsNotTrusted() {
        SimulatedChip stranger = TestChips.stranger().issueChip(chip.chipId(), chip.tcb());
        server.serve(key, stranger.collateral());

        missed(seek(service(settings().withKds(server.base()).withStore(folder))), "kds", Reason.UNTRUSTED);
        assertThat(folder.resolve("Genoa")).doesNotExist();
    }

    @Test
    void refusesChainThatIsNotValidNow() {
        server.serve(key, chip.collateral());
        Instant later = Instant.parse("2040-01-01T00:00:00Z");

        missed(seek(service(settings().withKds(server.base()), later)), "kds", Reason.OUT_OF_DATE);
    }

    @Test
    void refusesAnswersThatAreCutTooLongOrNoCertificate() {
        server.serve(key, chip.collateral())
                .on(
                        AmdKds.path(key),
                        FakeKds.cut(chip.collateral().vek()),
                        FakeKds.endless(1 << 16, Duration.ZERO),
                        FakeKds.bytes(Bytes.zeros(5000)));
        CollateralService service = kds();

        missed(seek(service), "kds", Reason.UNREACHABLE);
        missed(seek(service), "kds", Reason.UNREACHABLE);
        missed(seek(service), "kds", Reason.UNTRUSTED);
    }

    @Test
    void endsAnAnswerThatDrips() {
        server.serve(key, chip.collateral()).on(AmdKds.path(key), FakeKds.endless(1, Duration.ofMillis(50)));
        Limits brief = LIMITS.withTimes(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofMillis(20));
        CollateralService service = service(settings().withKds(server.base()).withLimits(brief));
        service.issuers(ProductLine.GENOA, SigningKeyKind.VCEK, LONG);
        long begin = System.nanoTime();

        missed(seek(service), "kds", Reason.TIMED_OUT);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void noCallerWaitsBeyondItsDeadlineAndTheWorkServesTheNext() {
        server.serve(key, chip.collateral())
                .on(
                        AmdKds.path(key),
                        FakeKds.late(
                                Duration.ofSeconds(3),
                                FakeKds.bytes(chip.collateral().vek())));
        CollateralService service = kds();
        long begin = System.nanoTime();

        missed(service.collateral(key, Optional.empty(), Duration.ofMillis(50)), "lookup", Reason.TIMED_OUT);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        assertThat(seek(service).value()).contains(chip.collateral());
        assertThat(server.count(AmdKds.path(key))).isEqualTo(1);
    }

    @Test
    void refusesMoreLookUpsThanItsLimit() {
        server.issuers(key, chip.collateral())
                .on(AmdKds.path(key), FakeKds.late(Duration.ofSeconds(20), FakeKds.status(404)));
        CollateralService service = service(settings().withKds(server.base()).withLimits(LIMITS.withSizes(1, 4, 4)));
        Duration brief = Duration.ofMillis(50);

        missed(service.collateral(key, Optional.empty(), brief), "lookup", Reason.TIMED_OUT);
        missed(
                service.collateral(key(TestChips.chip(ProductLine.GENOA)), Optional.empty(), brief),
                "lookup",
                Reason.BUSY);
    }

    @Test
    void remembersOnlySoMany() {
        CollateralService service = service(settings().withKds(server.base()).withLimits(LIMITS.withSizes(8, 2, 4)));
        List<SimulatedChip> chips = List.of(chip, TestChips.chip(ProductLine.GENOA), TestChips.chip(ProductLine.GENOA));
        chips.forEach(one -> server.serve(key(one), one.collateral()));
        chips.forEach(one -> service.collateral(key(one), Optional.empty(), LONG));

        assertThat(service.collateral(key(chips.get(2)), Optional.empty(), LONG).source())
                .isEqualTo("memory");
        assertThat(seek(service).source()).isEqualTo("kds");
    }

    @Test
    void takesNothingChangedFromDiskAndMendsIt() throws IOException {
        server.serve(key, chip.collateral());
        CollateralSettings settings = settings().withKds(server.base()).withStore(folder);
        seek(service(settings));
        Path leaf = folder.resolve("Genoa/" + chip.chipId().toHex() + "/10-00-23-84.der");
        byte[] sound = Files.readAllBytes(leaf);
        for (byte[] bad : new byte[][] {
            {}, new byte[9000], TestChips.flip(Bytes.of(sound), 4000).toArray()
        }) {
            Files.write(leaf, bad);
            Finding<Collateral> found = seek(service(settings));
            assertThat(found.source()).isEqualTo("kds");
            assertThat(found.misses()).hasSize(1);
            assertThat(found.misses().getFirst().reason()).isIn(Reason.UNTRUSTED, Reason.MALFORMED);
            assertThat(leaf).hasBinaryContent(sound);
        }
    }

    @Test
    void findsIssuersOfCloudKeys() {
        SimulatedChip cloud =
                TestChips.authority(ProductLine.GENOA).issueCloudKey("CN=cloud.example", TestChips.GENOA_TCB);
        Collateral chain = cloud.collateral();
        server.on(
                "/vlek/v1/Genoa/cert_chain",
                FakeKds.text(FakeKds.pem(chain.root()) + FakeKds.pem(chain.intermediate())));

        Finding<Issuers> found = kds().issuers(ProductLine.GENOA, SigningKeyKind.VLEK, LONG);
        assertThat(found.value()).contains(new Issuers(chain.intermediate(), chain.root()));

        server.on("/vlek/v1/Genoa/cert_chain", FakeKds.text(FakeKds.pem(chain.root())));
        missed(kds().issuers(ProductLine.GENOA, SigningKeyKind.VLEK, LONG), "kds", Reason.MALFORMED);
        server.on(
                "/vlek/v1/Genoa/cert_chain",
                FakeKds.text(FakeKds.pem(chip.collateral().intermediate()) + FakeKds.pem(chain.root())));
        missed(kds().issuers(ProductLine.GENOA, SigningKeyKind.VLEK, LONG), "kds", Reason.UNTRUSTED);
    }

    @Test
    void hasNothingWithoutSources() {
        Finding<Collateral> none = seek(service(settings()));

        assertThat(none.value()).isEmpty();
        assertThat(none.misses()).isEmpty();
        assertThat(service(settings()).find(key)).isEmpty();
    }

    @Test
    void closedServiceAnswersAMiss() {
        CollateralService service = kds();
        service.close();

        missed(seek(service), "lookup", Reason.BUSY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://kdsintf.amd.com",
                "http://127.0.0.1.example",
                "https://user:secret@kdsintf.amd.com",
                "https://kdsintf.amd.com/?a=b",
                "ftp://127.0.0.1",
                "file:///etc/hosts",
                "https:kdsintf.amd.com"
            })
    void refusesAddressesWithoutTls(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> CollateralSettings.NONE.withKds(URI.create(address)));
    }

    @Test
    void takesAddressesOfAmdAzureAndTheSameMachine() {
        assertThat(CollateralSettings.NONE.withKds(CollateralSettings.AMD).withThim(CollateralSettings.AZURE))
                .isNotNull();
        assertThat(CollateralSettings.NONE.withKds(URI.create("http://[::1]:8080/kds/")))
                .isNotNull();
    }
}
