package io.cloister.bridge.runner;

import io.cloister.bridge.EventHub;
import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The payments to gateways that this node sees now; tells of each change. */
public final class Sightings {
    private final Map<OutPoint, Sighting> seen = new ConcurrentSkipListMap<>();
    private final EventHub events;

    public Sightings(EventHub events) {
        this.events = events;
    }

    void replace(Collection<Sighting> now) {
        seen.keySet().retainAll(now.stream().map(Sighting::outPoint).toList());
        for (Sighting sighting : now) {
            if (!sighting.equals(seen.put(sighting.outPoint(), sighting))) {
                events.publish(new EventHub.DepositSeen(
                        sighting.gHash(),
                        sighting.outPoint(),
                        sighting.amount(),
                        sighting.confirmations(),
                        sighting.required()));
            }
        }
    }

    public Optional<Sighting> of(OutPoint outPoint) {
        return Optional.ofNullable(seen.get(outPoint));
    }

    public List<Sighting> at(Bytes gHash) {
        return seen.values().stream().filter(s -> s.gHash().equals(gHash)).toList();
    }

    public List<Sighting> ofTransaction(Bytes txid) {
        return seen.values().stream()
                .filter(s -> s.outPoint().txid().equals(txid))
                .toList();
    }
}
