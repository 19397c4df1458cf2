package io.cloister.node.steps;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.PeerStatus;
import io.cloister.channel.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * Whether peers refuse this boot because they have seen a newer one: the disk is old, or a second instance runs. More than f
 * must say so, each in the place of a connection. They do not say how much newer the other boot is.
 */
final class StaleBoot {
    /** So much higher the counter is made at a time: what peers claim can never use the numbers up. */
    static final long STEP = 1_000;

    private final PeerNetwork network;
    private final int faulty;
    private final long boot;
    private final LongConsumer raise;
    private final AtomicBoolean raised = new AtomicBoolean();

    /** @param raise makes the next boot's counter higher than this, durably */
    StaleBoot(PeerNetwork network, int faulty, long boot, LongConsumer raise) {
        this.network = network;
        this.faulty = faulty;
        this.boot = boot;
        this.raise = raise;
    }

    /**
     * Before so many peers are connected that a boot goes on.
     *
     * @throws IllegalStateException when they will not be; the counter is raised
     */
    void require() {
        told(network.status()).ifPresent(why -> {
            raise.accept(boot + STEP);
            throw new IllegalStateException(why);
        });
    }

    /** Why a boot that has nobody left is over, if so; the counter is raised beside the caller. */
    Optional<String> ended() {
        Optional<String> why = network.connected().isEmpty() ? told(network.status()) : Optional.empty();
        if (why.isPresent() && raised.compareAndSet(false, true)) {
            CompletableFuture.runAsync(() -> raise.accept(boot + STEP));
        }
        return why;
    }

    private Optional<String> told(List<PeerStatus> peers) {
        long refusing = peers.stream()
                .filter(it -> !it.connected()
                        && it.lastRefusal()
                                .filter(Refusal.OWN_BOOT_STALE::equals)
                                .isPresent())
                .count();
        return refusing > faulty
                ? Optional.of("rollback detected, or a second instance of this node: " + refusing
                        + " peers have seen a newer boot than this, " + boot
                        + "; the boot counter is raised, start again")
                : Optional.empty();
    }
}
