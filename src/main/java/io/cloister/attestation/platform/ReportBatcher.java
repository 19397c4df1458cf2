package io.cloister.attestation.platform;

import io.cloister.attestation.Leaf;
import io.cloister.attestation.platform.BatcherEffect.Answer;
import io.cloister.attestation.platform.BatcherEffect.MakeReport;
import io.cloister.attestation.platform.BatcherEffect.Refuse;
import io.cloister.attestation.platform.BatcherEffect.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;

/**
 * Decides which leaves go under which report and when. One report is under way at a time, and no two begin within the
 * interval; the node's own leaves go before strangers'; leaves under a report and leaves that wait are bounded. Knows no
 * clock, thread or platform: inputs and the time go in, effects come out, equal inputs give equal effects. Not
 * thread-safe.
 */
final class ReportBatcher {
    private final AttestationService.Settings settings;
    private final Map<Long, Leaf> own = new LinkedHashMap<>();
    private final Map<Long, Leaf> strangers = new LinkedHashMap<>();
    private List<Request> underWay = List.of();
    private OptionalLong lastBegan = OptionalLong.empty();
    private Optional<RuntimeException> stopped = Optional.empty();
    private Optional<String> lastFailure = Optional.empty();
    private long reports;
    private long leaves;

    ReportBatcher(AttestationService.Settings settings) {
        this.settings = settings;
    }

    /**
     * Takes one input.
     *
     * @param now nanoseconds of a monotonic clock
     */
    List<BatcherEffect> step(BatcherInput input, long now) {
        List<BatcherEffect> effects = new ArrayList<>();
        switch (input) {
            case BatcherInput.Asked asked -> ask(asked, effects);
            case BatcherInput.GivenUp gone -> {
                own.remove(gone.ticket());
                strangers.remove(gone.ticket());
            }
            case BatcherInput.Tick ignored -> {}
            case BatcherInput.Made ignored -> made(effects);
            case BatcherInput.Failed failed -> failed(failed.cause(), effects);
            case BatcherInput.Closed closed -> stop(closed.cause(), List.of(), effects);
        }
        begin(now, effects);
        return effects;
    }

    /** When the next report may begin; empty while nothing waits, a report is under way or all is over. */
    OptionalLong wakeAt() {
        boolean idle = own.isEmpty() && strangers.isEmpty();
        return idle || !underWay.isEmpty() || lastBegan.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(lastBegan.getAsLong() + settings.interval().toNanos());
    }

    AttestationService.Status status() {
        return new AttestationService.Status(
                reports,
                leaves,
                own.size() + strangers.size(),
                lastFailure,
                stopped.isPresent(),
                stopped.filter(PlatformException.KeyWiped.class::isInstance).map(Throwable::getMessage));
    }

    boolean isStopped() {
        return stopped.isPresent();
    }

    private void ask(BatcherInput.Asked asked, List<BatcherEffect> effects) {
        Map<Long, Leaf> queue = asked.leaf().purpose().beforeStrangers() ? own : strangers;
        if (stopped.isPresent()) {
            effects.add(new Refuse(List.of(asked.ticket()), stopped.get()));
        } else if (queue.size() >= settings.queueLimit()) {
            effects.add(new Refuse(
                    List.of(asked.ticket()),
                    new RejectedExecutionException(settings.queueLimit() + " leaves wait for a report already")));
        } else {
            queue.put(asked.ticket(), asked.leaf());
        }
    }

    private void made(List<BatcherEffect> effects) {
        reports++;
        leaves += underWay.size();
        lastFailure = Optional.empty();
        effects.add(new Answer(underWay));
        underWay = List.of();
    }

    private void failed(RuntimeException cause, List<BatcherEffect> effects) {
        List<Long> tickets = underWay.stream().map(Request::ticket).toList();
        underWay = List.of();
        lastFailure = Optional.of(String.valueOf(cause.getMessage()));
        if (cause instanceof PlatformException.KeyWiped) {
            stop(cause, tickets, effects);
        } else {
            effects.add(new Refuse(tickets, cause));
        }
    }

    /** The first reason stays; a report under way is still answered. */
    private void stop(RuntimeException cause, List<Long> first, List<BatcherEffect> effects) {
        if (stopped.isEmpty()) {
            stopped = Optional.of(cause);
        }
        List<Long> tickets = new ArrayList<>(first);
        tickets.addAll(own.keySet());
        tickets.addAll(strangers.keySet());
        own.clear();
        strangers.clear();
        if (!tickets.isEmpty()) {
            effects.add(new Refuse(tickets, cause));
        }
    }

    private void begin(long now, List<BatcherEffect> effects) {
        boolean idle = own.isEmpty() && strangers.isEmpty();
        boolean early = lastBegan.isPresent()
                && now - lastBegan.getAsLong() < settings.interval().toNanos();
        if (!underWay.isEmpty() || idle || early) {
            return;
        }
        List<Request> batch = new ArrayList<>();
        take(own, batch);
        take(strangers, batch);
        underWay = List.copyOf(batch);
        lastBegan = OptionalLong.of(now);
        effects.add(new MakeReport(underWay));
    }

    private void take(Map<Long, Leaf> queue, List<Request> batch) {
        var entries = queue.entrySet().iterator();
        while (batch.size() < settings.maximumLeaves() && entries.hasNext()) {
            Map.Entry<Long, Leaf> next = entries.next();
            batch.add(new Request(next.getKey(), next.getValue()));
            entries.remove();
        }
    }
}
