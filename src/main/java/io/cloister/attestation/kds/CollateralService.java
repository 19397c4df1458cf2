package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.kds.Vetting.Vetted;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Finds what stands behind a report: in the evidence itself, in memory, at Azure's metadata service, on disk, at AMD's
 * key distribution service, in this order. Nothing is handed out or kept that does not lead to a trusted root, is of
 * another chip or TCB, or is not valid now. Each look-up is done once for all who wait for it. Safe for use by several
 * threads; never throws for what a source sends.
 */
public final class CollateralService implements CollateralSource, AutoCloseable {
    private static final String EVIDENCE = "evidence";
    private static final String MEMORY = "memory";
    private static final String THIM = "thim";
    private static final String STORE = "store";
    private static final String KDS = "kds";

    private final CollateralSettings.Limits limits;
    private final InstantSource clock;
    private final Vetting vetting;
    private final Optional<AzureThim> thim;
    private final Optional<CollateralStore> store;
    private final Optional<AmdKds> kds;
    private final IssuerSearch issuers;
    private final ListSearch lists;
    private final Memory<ChipKey, Vetted> known;
    private final Memory<ChipKey, Deadline> absent;
    private final SingleFlight<ChipKey, Collateral> flights;

    public CollateralService(CollateralSettings settings) {
        this(settings, InstantSource.system());
    }

    /** @param clock tells whether certificates are valid now */
    public CollateralService(CollateralSettings settings, InstantSource clock) {
        this.limits = settings.limits();
        this.clock = clock;
        this.vetting = new Vetting(settings.testRoots());
        this.thim = settings.thim().map(base -> new AzureThim(base, limits, clock));
        this.kds = settings.kds().map(base -> new AmdKds(base, limits, clock));
        this.store = settings.store()
                .map(folder -> new CollateralStore(new StoreFiles(folder, limits.storedLeaves()), vetting));
        this.issuers = new IssuerSearch(limits, vetting, store, kds);
        this.lists = new ListSearch(limits, clock, vetting, issuers, store, kds);
        this.known = new Memory<>(limits.remembered());
        this.absent = new Memory<>(limits.remembered());
        this.flights = new SingleFlight<>(limits.lookups());
    }

    /**
     * The chain of a chip's VCEK.
     *
     * @param given what came with the report, looked at first
     * @param within how long the caller waits at most; the look-up goes on and serves later callers
     */
    public Finding<Collateral> collateral(ChipKey key, Optional<Collateral> given, Duration within) {
        Search search = new Search();
        Optional<Vetted> own =
                given.flatMap(chain -> search.look(EVIDENCE, () -> vetting.leaf(key, chain, clock.instant())));
        if (own.isPresent()) {
            return search.found(own.get().chain(), EVIDENCE);
        }
        Finding<Collateral> found = remembered(key).orElseGet(() -> flights.join(key, within, () -> seek(key)));
        search.note(found.misses());
        return found.value().map(chain -> search.found(chain, found.source())).orElseGet(search::none);
    }

    /** The same within the total wait for one server. */
    @Override
    public Optional<Collateral> find(ChipKey key) {
        return collateral(key, Optional.empty(), limits.totalWait()).value();
    }

    /** The certificates above a leaf: all that AMD gives to strangers of a VLEK's chain. */
    public Finding<Issuers> issuers(ProductLine line, SigningKeyKind kind, Duration within) {
        return issuers.find(line, kind, within);
    }

    /** The root's newest revocation list that counts now, DER. */
    public Finding<Bytes> revocations(ProductLine line, SigningKeyKind kind, Duration within) {
        return lists.find(line, kind, within);
    }

    private Optional<Finding<Collateral>> remembered(ChipKey key) {
        return known.get(key)
                .filter(vetted -> vetted.endorsement().isValidAt(clock.instant()))
                .map(vetted -> Finding.of(vetted.chain(), MEMORY, List.of()));
    }

    private Finding<Collateral> seek(ChipKey key) throws InterruptedException {
        Optional<Finding<Collateral>> remembered = remembered(key);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        Search search = new Search();
        if (thim.isPresent()) {
            Optional<Vetted> found =
                    search.attempt(THIM, () -> vetting.leaf(key, thim.get().chain(), clock.instant()));
            if (found.isPresent()) {
                return keep(key, found.get(), THIM, search);
            }
        }
        if (store.isPresent()) {
            Optional<Vetted> found = search.attempt(STORE, () -> store.get().leaf(key, clock.instant()));
            if (found.isPresent()) {
                known.put(key, found.get());
                return search.found(found.get().chain(), STORE);
            }
        }
        if (kds.isPresent()) {
            Optional<Vetted> found = search.attempt(KDS, () -> ask(kds.get(), key));
            if (found.isPresent()) {
                return keep(key, found.get(), KDS, search);
            }
        }
        return search.none();
    }

    private Vetted ask(AmdKds service, ChipKey key) throws MissException, InterruptedException {
        if (absent.get(key).filter(until -> until.left().isPositive()).isPresent()) {
            throw new MissException(Reason.ABSENT, "the service did not know the chip a moment ago");
        }
        Issuers above = issuers.require(key.line(), SigningKeyKind.VCEK);
        try {
            Collateral chain = new Collateral(service.leaf(key), above.intermediate(), above.root());
            return vetting.leaf(key, chain, clock.instant());
        } catch (MissException e) {
            if (e.from(KDS).reason() == Reason.ABSENT) {
                absent.put(key, Deadline.in(limits.absence()));
            }
            throw e;
        }
    }

    private Finding<Collateral> keep(ChipKey key, Vetted found, String source, Search search) {
        known.put(key, found);
        try {
            if (store.isPresent()) {
                store.get().keep(key, found.chain());
            }
        } catch (IOException e) {
            search.note(new Miss(STORE, Reason.UNREACHABLE, "cannot keep: " + e.getMessage()));
        }
        return search.found(found.chain(), source);
    }

    /** Ends all look-ups; those who wait get a miss. */
    @Override
    public void close() {
        flights.close();
        issuers.close();
        lists.close();
        thim.ifPresent(AzureThim::close);
        kds.ifPresent(AmdKds::close);
    }
}
