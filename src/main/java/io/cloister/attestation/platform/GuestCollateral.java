package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.ChipKey;
import io.cloister.attestation.kds.CollateralFolder;
import io.cloister.attestation.kds.CollateralService;
import io.cloister.attestation.kds.CollateralSettings;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.kds.Finding;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a guest's own reports: the operator's folder first, then the network where settings name a service.
 * A report waits a few seconds for certificates, without which it is worth nothing, and half a second for a first
 * revocation list; lists are renewed beside the reports.
 */
public final class GuestCollateral implements CollateralSource, AutoCloseable {
    private static final Duration FOR_CERTIFICATES = Duration.ofSeconds(5);
    private static final Duration FOR_A_FIRST_LIST = Duration.ofMillis(500);
    private static final Duration FOR_A_LIST = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LISTS = Duration.ofMinutes(1);

    private final Optional<CollateralFolder> folder;
    private final Optional<CollateralService> network;
    private final Map<Lists, Renewal> renewals = new ConcurrentHashMap<>();

    private record Lists(ProductLine line, SigningKeyKind kind) {}

    /** A look-up that was begun, and the list that was there before it. */
    private record Renewal(long begun, CompletableFuture<Optional<Bytes>> found, Optional<Bytes> before) {
        boolean isOld() {
            return found.isDone() && System.nanoTime() - begun > BETWEEN_LISTS.toNanos();
        }

        Optional<Bytes> present() {
            return found.getNow(Optional.empty()).or(() -> before);
        }
    }

    /**
     * @param folder that of {@link CollateralFolder}; what the network gives is kept there as well
     * @param services the network's; where they name neither Azure's nor AMD's, nobody is asked
     */
    public GuestCollateral(Optional<Path> folder, CollateralSettings services) {
        this.folder = folder.map(CollateralFolder::new);
        boolean any = services.thim().isPresent() || services.kds().isPresent();
        CollateralSettings settings = folder.map(services::withStore).orElse(services);
        this.network = any ? Optional.of(new CollateralService(settings)) : Optional.empty();
    }

    @Override
    public Optional<Collateral> find(ChipKey key) {
        return folder.flatMap(files -> files.find(key)).or(() -> network.flatMap(service -> ask(service, key)));
    }

    private static Optional<Collateral> ask(CollateralService service, ChipKey key) {
        Finding<Collateral> finding = service.collateral(key, Optional.empty(), FOR_CERTIFICATES);
        if (finding.value().isEmpty()) {
            System.getLogger(GuestCollateral.class.getName())
                    .log(System.Logger.Level.WARNING, "no certificates of this chip: {0}", finding.summary());
        }
        return finding.value();
    }

    @Override
    public Optional<Bytes> revocations(ProductLine line, SigningKeyKind kind) {
        return network.isPresent()
                ? renewed(network.get(), new Lists(line, kind))
                : folder.flatMap(files -> kept(files, line, kind));
    }

    private static Optional<Bytes> kept(CollateralFolder files, ProductLine line, SigningKeyKind kind) {
        try {
            return files.revocations(line, kind);
        } catch (UncheckedIOException e) {
            System.getLogger(GuestCollateral.class.getName())
                    .log(System.Logger.Level.WARNING, "evidence goes without a revocation list", e);
            return Optional.empty();
        }
    }

    private Optional<Bytes> renewed(CollateralService service, Lists which) {
        Renewal renewal = renewals.compute(
                which, (key, known) -> known == null || known.isOld() ? begin(service, which, known) : known);
        if (renewal.present().isEmpty() && !renewal.found().isDone()) {
            await(renewal);
        }
        return renewal.present();
    }

    private static Renewal begin(CollateralService service, Lists which, @Nullable Renewal known) {
        CompletableFuture<Optional<Bytes>> found = new CompletableFuture<>();
        Thread.ofVirtual().name("revocations").start(() -> {
            try {
                found.complete(service.revocations(which.line(), which.kind(), FOR_A_LIST)
                        .value());
            } finally {
                found.complete(Optional.empty());
            }
        });
        return new Renewal(System.nanoTime(), found, known == null ? Optional.empty() : known.present());
    }

    /** No second report waits for the same look-up longer than what is left of the half second. */
    private static void await(Renewal renewal) {
        long left = renewal.begun() + FOR_A_FIRST_LIST.toNanos() - System.nanoTime();
        try {
            renewal.found().get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            System.getLogger(GuestCollateral.class.getName())
                    .log(System.Logger.Level.DEBUG, "evidence goes without a revocation list", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        network.ifPresent(CollateralService::close);
    }
}
