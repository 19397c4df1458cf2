package io.cloister.consensus.process;

import io.cloister.channel.Refusal;
import io.cloister.channel.grpc.GrpcPeerNetwork;
import io.cloister.consensus.Validator;
import io.cloister.consensus.engine.Engine;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Asks every second for the seat of this boot until it has it. Where the chain knows a boot that is as new, or peers have
 * seen one, the disk is an old one: this boot can never have the seat, and gives way to one that is newer than that.
 */
final class SeatKeeper {
    /** How often peers have to say that a boot is old. */
    private static final int TOLD = 5;

    private final int slot;
    private final Boot boot;
    private final Engine engine;
    private final RequestApplication application;
    private final GrpcPeerNetwork network;
    private final LongConsumer giveWay;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("seat").factory());
    private long attempt;

    /** @param giveWay ends this boot for one whose counter is higher than this */
    SeatKeeper(
            int slot,
            Boot boot,
            Engine engine,
            RequestApplication application,
            GrpcPeerNetwork network,
            LongConsumer giveWay) {
        this.slot = slot;
        this.boot = boot;
        this.engine = engine;
        this.application = application;
        this.network = network;
        this.giveWay = giveWay;
    }

    void start() {
        clock.scheduleWithFixedDelay(this::look, 200, 1_000, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Seats seats = application.state().seats();
        Optional<Validator> seat = seats.set().bySlot(slot);
        if (seat.isEmpty() || seat.get().voteKey().equals(boot.voteKey())) {
            return;
        }
        if (seat.get().bootCounter() >= boot.counter()) {
            giveWay.accept(seat.get().bootCounter());
        } else if (isStale()) {
            giveWay.accept(2 * boot.counter()); // nobody says how much newer the boot is that they have seen
        } else if (!seats.isWaiting(slot)) {
            engine.submit(ReKey.sign(boot.slotKey(), slot, boot.voteKey(), boot.counter(), ++attempt));
        }
    }

    /** Peers have said so again and again, and nobody is there to tell what the chain knows. */
    private boolean isStale() {
        return network.connected().isEmpty() && network.metrics().refusals(Refusal.OWN_BOOT_STALE) > TOLD;
    }
}
