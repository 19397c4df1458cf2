package io.cloister.attestation.kds;

import io.cloister.attestation.kds.IssuerSearch.Pair;
import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Finds revocation lists. A list goes stale, so the service is asked first, once in the refresh time; memory and disk
 * stand in while it does not answer. Of several lists that count now the newest is taken, so that an old one, played
 * again, brings nobody back.
 */
final class ListSearch implements AutoCloseable {
    private final CollateralSettings.Limits limits;
    private final InstantSource clock;
    private final Vetting vetting;
    private final IssuerSearch issuers;
    private final Optional<CollateralStore> store;
    private final Optional<AmdKds> kds;
    private final Memory<Pair, Held> known = new Memory<>(16);
    private final SingleFlight<Pair, Bytes> flights = new SingleFlight<>(16);

    /** A list that was vetted, and until when it serves without asking. */
    private record Held(Crl list, Deadline until) {
        boolean counts(Instant at) {
            return !at.isBefore(list.thisUpdate()) && !at.isAfter(list.nextUpdate());
        }
    }

    ListSearch(
            CollateralSettings.Limits limits,
            InstantSource clock,
            Vetting vetting,
            IssuerSearch issuers,
            Optional<CollateralStore> store,
            Optional<AmdKds> kds) {
        this.limits = limits;
        this.clock = clock;
        this.vetting = vetting;
        this.issuers = issuers;
        this.store = store;
        this.kds = kds;
    }

    Finding<Bytes> find(ProductLine line, SigningKeyKind kind, Duration within) {
        Pair pair = new Pair(line, kind);
        Optional<Finding<Bytes>> fresh = fresh(pair);
        if (fresh.isPresent()) {
            return fresh.get();
        }
        Finding<Bytes> found = flights.join(pair, within, () -> seek(pair));
        return found.value().isPresent() ? found : standIn(pair, found);
    }

    /** What is at hand when the look-up takes longer than the caller waits. */
    private Finding<Bytes> standIn(Pair pair, Finding<Bytes> failed) {
        Search search = new Search();
        search.note(failed.misses());
        Optional<Crl> held = held(pair).map(Held::list);
        Optional<Crl> found = held.or(() -> stored(pair, search));
        return found.map(list -> search.found(list.encode(), held.isPresent() ? "memory" : "store"))
                .orElse(failed);
    }

    private Optional<Held> held(Pair pair) {
        return known.get(pair).filter(list -> list.counts(clock.instant()));
    }

    private Optional<Finding<Bytes>> fresh(Pair pair) {
        return held(pair)
                .filter(list -> list.until().left().isPositive())
                .map(list -> Finding.of(list.list().encode(), "memory", List.of()));
    }

    private Optional<Crl> stored(Pair pair, Search search) {
        return store.flatMap(
                there -> search.look("store", () -> there.list(pair.line(), pair.kind(), clock.instant())));
    }

    private Finding<Bytes> seek(Pair pair) throws InterruptedException {
        Optional<Finding<Bytes>> fresh = fresh(pair);
        if (fresh.isPresent()) {
            return fresh.get();
        }
        Search search = new Search();
        Optional<Crl> asked = kds.isEmpty() ? Optional.empty() : search.attempt("kds", () -> ask(kds.get(), pair));
        asked.ifPresent(list -> keep(pair, list, search));
        Optional<Crl> best =
                newer(newer(asked, stored(pair, search)), held(pair).map(Held::list));
        if (best.isEmpty()) {
            return search.none();
        }
        Crl list = best.get();
        known.put(pair, new Held(list, Deadline.in(asked.isPresent() ? refresh(list) : limits.absence())));
        boolean asAsked = asked.map(Crl::encode).filter(list.encode()::equals).isPresent();
        return search.found(list.encode(), asAsked ? "kds" : "store");
    }

    /** The service is asked again well before a list ends, so that its successor is there in time. */
    private Duration refresh(Crl list) {
        Duration half = Duration.between(clock.instant(), list.nextUpdate()).dividedBy(2);
        return Deadline.shorter(limits.refresh(), half);
    }

    private static Optional<Crl> newer(Optional<Crl> first, Optional<Crl> second) {
        return first.isPresent()
                        && (second.isEmpty()
                                || !second.get()
                                        .thisUpdate()
                                        .isAfter(first.get().thisUpdate()))
                ? first
                : second;
    }

    private Crl ask(AmdKds service, Pair pair) throws MissException, InterruptedException {
        Issuers above = issuers.require(pair.line(), pair.kind());
        return vetting.list(service.list(pair.line(), pair.kind()), above.root(), clock.instant());
    }

    private void keep(Pair pair, Crl list, Search search) {
        try {
            if (store.isPresent()) {
                store.get()
                        .keep(
                                pair.line(),
                                pair.kind(),
                                list,
                                issuers.require(pair.line(), pair.kind()).root());
            }
        } catch (IOException e) {
            search.note(new Miss("store", Reason.UNREACHABLE, "cannot keep: " + e.getMessage()));
        } catch (MissException e) {
            search.note(e.from("store"));
        }
    }

    @Override
    public void close() {
        flights.close();
    }
}
