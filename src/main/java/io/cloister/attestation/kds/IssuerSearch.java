package io.cloister.attestation.kds;

import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds the certificates above leaves: in memory, on disk, at AMD's service. There are six such pairs at most. */
final class IssuerSearch implements AutoCloseable {
    private final CollateralSettings.Limits limits;
    private final Vetting vetting;
    private final Optional<CollateralStore> store;
    private final Optional<AmdKds> kds;
    private final Memory<Pair, Issuers> known = new Memory<>(16);
    private final SingleFlight<Pair, Issuers> flights = new SingleFlight<>(16);

    /** What a pair of issuers is for. */
    record Pair(ProductLine line, SigningKeyKind kind) {}

    IssuerSearch(
            CollateralSettings.Limits limits, Vetting vetting, Optional<CollateralStore> store, Optional<AmdKds> kds) {
        this.limits = limits;
        this.vetting = vetting;
        this.store = store;
        this.kds = kds;
    }

    Finding<Issuers> find(ProductLine line, SigningKeyKind kind, Duration within) {
        Pair pair = new Pair(line, kind);
        return remembered(pair).orElseGet(() -> flights.join(pair, within, () -> seek(pair)));
    }

    /** For those who cannot go on without. */
    Issuers require(ProductLine line, SigningKeyKind kind) throws MissException {
        Finding<Issuers> found = find(line, kind, limits.totalWait());
        if (found.value().isPresent()) {
            return found.value().get();
        }
        Reason reason = found.misses().isEmpty()
                ? Reason.ABSENT
                : found.misses().getLast().reason();
        throw new MissException(reason, "no issuers: " + found.summary());
    }

    private Optional<Finding<Issuers>> remembered(Pair pair) {
        return known.get(pair).map(issuers -> Finding.of(issuers, "memory", List.of()));
    }

    private Finding<Issuers> seek(Pair pair) throws InterruptedException {
        Optional<Finding<Issuers>> remembered = remembered(pair);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        Search search = new Search();
        if (store.isPresent()) {
            Optional<Issuers> found = search.attempt("store", () -> store.get().issuers(pair.line(), pair.kind()));
            if (found.isPresent()) {
                known.put(pair, found.get());
                return search.found(found.get(), "store");
            }
        }
        if (kds.isPresent()) {
            Optional<Issuers> found = search.attempt("kds", () -> ask(kds.get(), pair));
            if (found.isPresent()) {
                known.put(pair, found.get());
                keep(pair, found.get(), search);
                return search.found(found.get(), "kds");
            }
        }
        return search.none();
    }

    private Issuers ask(AmdKds service, Pair pair) throws MissException, InterruptedException {
        Issuers issuers = service.issuers(pair.line(), pair.kind());
        vetting.issuers(pair.line(), pair.kind(), issuers);
        return issuers;
    }

    private void keep(Pair pair, Issuers issuers, Search search) {
        try {
            if (store.isPresent()) {
                store.get().keep(pair.line(), pair.kind(), issuers);
            }
        } catch (IOException e) {
            search.note(new Miss("store", Reason.UNREACHABLE, "cannot keep: " + e.getMessage()));
        }
    }

    @Override
    public void close() {
        flights.close();
    }
}
