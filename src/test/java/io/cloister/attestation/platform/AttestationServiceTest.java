package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttestationServiceTest {
    private static final AttestationService.Settings QUICK = new AttestationService.Settings(Duration.ZERO, 8, 16);
    private static final AttestationService.Settings ONCE_AN_HOUR =
            new AttestationService.Settings(Duration.ofHours(1), 8, 16);

    private final List<AttestationService> services = new ArrayList<>();

    /** A simulated chip whose firmware answers only when the test lets it. */
    private static final class GatedPlatform implements Platform {
        final Semaphore gate = new Semaphore(0);
        final AtomicInteger asked = new AtomicInteger();
        private final PureJavaPlatform chip =
                new PureJavaPlatform(TestChips.chip(ProductLine.GENOA), SimulatedGuest.of(TestChips.MEASUREMENT));
        volatile Optional<Throwable> failure = Optional.empty();

        @Override
        public String name() {
            return "gated";
        }

        @Override
        public Bytes report(Bytes reportData64) {
            asked.incrementAndGet();
            gate.acquireUninterruptibly();
            if (failure.isPresent()) {
                throw thrown(failure.get());
            }
            return chip.report(reportData64);
        }

        private static RuntimeException thrown(Throwable failure) {
            if (failure instanceof Error error) {
                throw error;
            }
            return (RuntimeException) failure;
        }

        @Override
        public Collateral collateral() {
            return chip.collateral();
        }

        @Override
        public SecretBytes derivedKey(DerivedKeyRequest request) {
            return chip.derivedKey(request);
        }

        @Override
        public void close() {
            chip.close();
        }
    }

    private AttestationService service(Platform platform, AttestationService.Settings settings) {
        AttestationService service = new AttestationService(platform, TestChips::keys, settings);
        services.add(service);
        return service;
    }

    @AfterEach
    void close() {
        services.forEach(AttestationService::close);
    }

    private static Leaf peer(int number) {
        return new Leaf(Purpose.PEER_CHANNEL, List.of(Bytes.of((byte) number)));
    }

    private static Leaf stranger(int number) {
        return Leaf.restNonce(TestChips.filled(32, number), Bytes.zeros(32));
    }

    private static Evidence get(CompletableFuture<Evidence> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    private static void awaitAsked(GatedPlatform platform, int times) throws InterruptedException {
        for (int i = 0; i < 3000 && platform.asked.get() < times; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(platform.asked.get()).isEqualTo(times);
    }

    @Test
    void evidenceOfTheServiceIsAccepted() throws Exception {
        try (PureJavaPlatform platform =
                new PureJavaPlatform(TestChips.chip(ProductLine.GENOA), SimulatedGuest.of(TestChips.MEASUREMENT))) {
            Evidence evidence =
                    get(service(platform, AttestationService.Settings.DEFAULT).attest(peer(1)));

            Verdict verdict =
                    new EvidenceVerifier().verify(evidence, peer(1), TestChips.policy(ProductLine.GENOA), TestChips.AT);
            assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
        }
    }

    @Test
    void anErrorOfThePlatformEndsNeitherTheCallersPatienceNorTheService() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        platform.gate.release(100);
        platform.failure = Optional.of(new NoClassDefFoundError("a library"));
        AttestationService service = service(platform, QUICK);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> service.attest(peer(1)).get(5, TimeUnit.SECONDS))
                .withCauseInstanceOf(PlatformException.class);
        platform.failure = Optional.empty();
        assertThat(get(service.attest(peer(2))).leaf()).isEqualTo(peer(2));
    }

    @Test
    void idleServiceAnswersAtOnceAndTheNextWaitsForTheInterval() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        platform.gate.release(100);
        AttestationService service = service(platform, ONCE_AN_HOUR);

        get(service.attest(peer(1)));
        CompletableFuture<Evidence> second = service.attest(peer(2));

        assertThat(platform.asked.get()).isEqualTo(1);
        assertThat(second).isNotDone();
        assertThat(service.status().waiting()).isEqualTo(1);
        service.close();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> get(second))
                .withMessageContaining("closed");
    }

    @Test
    void leavesThatWaitTogetherShareOneReport() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        AttestationService service = service(platform, QUICK);
        CompletableFuture<Evidence> first = service.attest(peer(0));
        awaitAsked(platform, 1);
        List<CompletableFuture<Evidence>> waiting = IntStream.range(1, 6)
                .mapToObj(i -> service.attest(i % 2 == 0 ? peer(i) : stranger(i)))
                .toList();
        platform.gate.release(2);

        get(first);
        List<Evidence> shared = new ArrayList<>();
        for (CompletableFuture<Evidence> answer : waiting) {
            shared.add(get(answer));
        }
        assertThat(shared.stream().map(Evidence::hardware).distinct()).hasSize(1);
        assertThat(shared.getFirst().path().size()).isEqualTo(5);
        for (int i = 1; i < 6; i++) {
            Leaf leaf = i % 2 == 0 ? peer(i) : stranger(i);
            assertThat(new EvidenceVerifier()
                            .verify(shared.get(i - 1), leaf, TestChips.policy(ProductLine.GENOA), TestChips.AT)
                            .accepted())
                    .isTrue();
        }
        assertThat(service.status().reports()).isEqualTo(2);
        assertThat(service.status().leaves()).isEqualTo(6);
    }

    @Test
    void ownLeavesGoBeforeStrangers() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        AttestationService service = service(platform, QUICK);
        CompletableFuture<Evidence> first = service.attest(stranger(0));
        awaitAsked(platform, 1);
        List<CompletableFuture<Evidence>> strangers =
                IntStream.range(1, 9).mapToObj(i -> service.attest(stranger(i))).toList();
        List<CompletableFuture<Evidence>> own =
                IntStream.range(0, 6).mapToObj(i -> service.attest(peer(i))).toList();
        platform.gate.release(2);

        get(first);
        for (CompletableFuture<Evidence> answer : own) {
            get(answer);
        }
        get(strangers.get(1));
        assertThat(strangers.subList(2, 8)).noneMatch(CompletableFuture::isDone); // 6 own and 2 strangers made 8
        platform.gate.release();
        get(strangers.get(7));
    }

    @Test
    void boundsItsQueuesAndKeepsRoomForItsOwn() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        AttestationService service = service(platform, QUICK);
        service.attest(stranger(0));
        awaitAsked(platform, 1);
        for (int i = 0; i < 16; i++) {
            service.attest(stranger(i));
        }

        assertThat(service.attest(stranger(1)))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class);
        CompletableFuture<Evidence> own = service.attest(peer(1));
        assertThat(own).isNotDone();
        platform.gate.release(10);
        get(own);
    }

    @Test
    void failureReachesItsCallersAndTheServiceLives() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        platform.gate.release(100);
        platform.failure = Optional.of(new PlatformException.HostBusy("throttled"));
        AttestationService service = service(platform, QUICK);

        assertThat(service.attest(peer(1)))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withCauseInstanceOf(PlatformException.HostBusy.class);
        assertThat(service.status().lastFailure()).contains("throttled");
        platform.failure = Optional.empty();
        get(service.attest(peer(2)));
        assertThat(service.status().lastFailure()).isEmpty();
    }

    @Test
    void wipedKeyStopsTheServiceForGood() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        platform.failure = Optional.of(new PlatformException.KeyWiped("wiped"));
        AttestationService service = service(platform, QUICK);
        CompletableFuture<Evidence> first = service.attest(peer(1));
        awaitAsked(platform, 1);
        CompletableFuture<Evidence> waiting = service.attest(stranger(1));
        platform.gate.release(100);

        for (CompletableFuture<Evidence> answer : List.of(first, waiting)) {
            assertThat(answer)
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withCauseInstanceOf(PlatformException.KeyWiped.class);
        }
        assertThat(service.attest(peer(2))).isCompletedExceptionally();
        assertThat(service.status().stopped()).isTrue();
        assertThat(service.status().wiped()).contains("wiped");
        assertThat(platform.asked.get()).isEqualTo(1);
    }

    @Test
    void takesTheKeysOfTheMoment() throws Exception {
        AtomicInteger counter = new AtomicInteger();
        BootKeySet base = TestChips.keys();
        try (PureJavaPlatform platform =
                new PureJavaPlatform(TestChips.chip(ProductLine.GENOA), SimulatedGuest.of(TestChips.MEASUREMENT))) {
            AttestationService service = new AttestationService(
                    platform,
                    () -> new BootKeySet(
                            base.chainId(),
                            base.nodeId(),
                            counter.incrementAndGet(),
                            base.tlsSpki(),
                            base.voteKey33(),
                            base.shareKey33(),
                            base.hpkeKey32(),
                            base.resultKey33()),
                    QUICK);
            services.add(service);

            assertThat(get(service.attest(peer(1))).keys().bootCounter()).isEqualTo(1);
            assertThat(get(service.attest(peer(1))).keys().bootCounter()).isEqualTo(2);
        }
    }

    @Test
    void doesNotSpendAReportOnCallersThatGaveUp() throws Exception {
        GatedPlatform platform = new GatedPlatform();
        AttestationService service = service(platform, QUICK);
        CompletableFuture<Evidence> first = service.attest(peer(1));
        awaitAsked(platform, 1);
        service.attest(peer(2)).cancel(false);
        platform.gate.release(100);

        get(first);
        CompletableFuture<Evidence> last = service.attest(peer(3));
        assertThat(get(last).path().size()).isEqualTo(1);
        assertThat(platform.asked.get()).isEqualTo(2);
    }
}
