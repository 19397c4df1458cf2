package io.cloister.bridge.runner;

import io.cloister.bridge.EventHub;
import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The payments to gateways that this node sees now, by asset; tells of each change. */
public final class Sightings {
    private final Map<String, Map<OutPoint, Sighting>> seen = new ConcurrentHashMap<>();
    private final EventHub events;

    public Sightings(EventHub events) {
        this.events = events;
    }

    /** All that is seen of one asset; other assets' payments stay, also those on the same chain. */
    void replace(String asset, Collection<Sighting> now) {
        Map<OutPoint, Sighting> own = seen.computeIfAbsent(asset, a -> new ConcurrentSkipListMap<>());
        own.keySet().retainAll(now.stream().map(Sighting::outPoint).collect(Collectors.toSet()));
        for (Sighting sighting : now) {
            if (!sighting.equals(own.put(sighting.outPoint(), sighting))) {
                events.publish(new EventHub.DepositSeen(
                        sighting.gHash(),
                        sighting.outPoint(),
                        sighting.amount(),
                        sighting.confirmations(),
                        sighting.required(),
                        sighting.late()));
            }
        }
    }

    private Stream<Sighting> all() {
        return seen.values().stream().flatMap(own -> own.values().stream());
    }

    public Optional<Sighting> of(OutPoint outPoint) {
        return seen.values().stream()
                .flatMap(own -> Optional.ofNullable(own.get(outPoint)).stream())
                .findFirst();
    }

    public List<Sighting> at(Bytes gHash) {
        return all().filter(s -> s.gHash().equals(gHash)).toList();
    }

    public List<Sighting> ofTransaction(Bytes txid) {
        return all().filter(s -> s.outPoint().txid().equals(txid)).toList();
    }
}
