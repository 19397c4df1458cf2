package io.cloister.attestation.kds;

import io.cloister.codec.Bytes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Which sources there are; one that is empty is not asked.
 *
 * @param thim base of Azure's instance metadata service, usually {@link #AZURE}
 * @param store folder of a {@link CollateralStore}
 * @param kds base of the key distribution service, usually {@link #AMD}
 * @param testRoots SHA-256 of the SubjectPublicKeyInfo of each test root to be trusted, none in production
 */
public record CollateralSettings(
        Optional<URI> thim, Optional<Path> store, Optional<URI> kds, Set<Bytes> testRoots, Limits limits) {
    public static final URI AZURE = URI.create("http://169.254.169.254");
    public static final URI AMD = URI.create("https://kdsintf.amd.com");

    /** No source beside the evidence itself. */
    public static final CollateralSettings NONE =
            new CollateralSettings(Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), Limits.DEFAULT);

    /**
     * @throws IllegalArgumentException for an address that is neither https nor http on the loopback or Azure's metadata
     *     address
     */
    public CollateralSettings {
        thim.ifPresent(RemoteBase::check);
        kds.ifPresent(RemoteBase::check);
        testRoots = Set.copyOf(testRoots);
    }

    public CollateralSettings withThim(URI base) {
        return new CollateralSettings(Optional.of(base), store, kds, testRoots, limits);
    }

    public CollateralSettings withStore(Path folder) {
        return new CollateralSettings(thim, Optional.of(folder), kds, testRoots, limits);
    }

    public CollateralSettings withKds(URI base) {
        return new CollateralSettings(thim, store, Optional.of(base), testRoots, limits);
    }

    public CollateralSettings withTestRoots(Set<Bytes> roots) {
        return new CollateralSettings(thim, store, kds, roots, limits);
    }

    public CollateralSettings withLimits(Limits changed) {
        return new CollateralSettings(thim, store, kds, testRoots, changed);
    }

    /**
     * Bounds of the work.
     *
     * @param requestTimeout of one request, to the last byte of its answer
     * @param totalWait of one item from one server, with all pauses that it asks for
     * @param firstDelay before asking again a server that throttles and names no time; doubles each time
     * @param longestDelay up to here
     * @param parallel requests to one server at the same time
     * @param lookups items under way at the same time
     * @param remembered items of a kind in memory
     * @param storedLeaves leaf certificates on disk
     * @param refresh how long a revocation list serves before the service is asked for a newer one
     * @param absence how long a chip that the service does not know is not asked for again
     */
    public record Limits(
            Duration requestTimeout,
            Duration totalWait,
            Duration firstDelay,
            Duration longestDelay,
            int parallel,
            int lookups,
            int remembered,
            int storedLeaves,
            Duration refresh,
            Duration absence) {
        public static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                2,
                256,
                1024,
                CollateralStore.DEFAULT_LEAVES,
                Duration.ofHours(24),
                Duration.ofMinutes(1));

        public Limits {
            if (!requestTimeout.isPositive()
                    || !totalWait.isPositive()
                    || !firstDelay.isPositive()
                    || longestDelay.compareTo(firstDelay) < 0
                    || refresh.isNegative()
                    || absence.isNegative()
                    || Math.min(Math.min(parallel, lookups), Math.min(remembered, storedLeaves)) < 1) {
                throw new IllegalArgumentException("looking for collateral needs positive limits");
            }
        }

        public Limits withTimes(Duration request, Duration total, Duration first) {
            return new Limits(
                    request,
                    total,
                    first,
                    longestDelay.compareTo(first) < 0 ? first : longestDelay,
                    parallel,
                    lookups,
                    remembered,
                    storedLeaves,
                    refresh,
                    absence);
        }

        public Limits withSizes(int lookupsUnderWay, int itemsInMemory, int leavesOnDisk) {
            return new Limits(
                    requestTimeout,
                    totalWait,
                    firstDelay,
                    longestDelay,
                    parallel,
                    lookupsUnderWay,
                    itemsInMemory,
                    leavesOnDisk,
                    refresh,
                    absence);
        }

        public Limits withMemoryTimes(Duration refreshOfLists, Duration ofAbsence) {
            return new Limits(
                    requestTimeout,
                    totalWait,
                    firstDelay,
                    longestDelay,
                    parallel,
                    lookups,
                    remembered,
                    storedLeaves,
                    refreshOfLists,
                    ofAbsence);
        }

        /** A neighbour on the same machine answers at once or not at all. */
        Limits forMetadata() {
            Duration three = Duration.ofSeconds(3);
            return withTimes(
                    Deadline.shorter(requestTimeout, three),
                    Deadline.shorter(totalWait, three),
                    Deadline.shorter(firstDelay, three));
        }
    }
}
