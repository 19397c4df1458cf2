package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches the state after a recent block from peers, for a node that lacks too many blocks: first a light walk to the
 * block's header, then the state in chunks, each proved against that header. One request is under way at a time. Who has
 * nothing, lets its time pass or sends what proves nothing is left out for a while; when nobody is left, so is the
 * snapshot.
 */
final class SnapshotSync {
    private static final int LEFT_OUT_TICKS = 40;
    private static final int CHUNKS_PER_TICK = 8;

    /** The block after which the state is fetched, believed by a walk. */
    record Target(CertifiedHeader block, ValidatorSet own, ValidatorSet named, List<HeaderLink> way) {
        Effect.Install install() {
            return new Effect.Install(block, own, named, way);
        }

        long height() {
            return block.header().height();
        }
    }

    private enum Phase {
        IDLE,
        WALKING,
        FETCHING,
        TAKING,
        COMPLETE
    }

    private record Request(long serial, Bytes peer) {}

    private final String chainId;
    private final SignatureCheck check;
    private final long patienceMillis;
    private final CatchUp claims;
    private final Map<Bytes, Integer> leftOut = new HashMap<>();
    private final List<HeaderLink> way = new ArrayList<>();
    private Phase phase = Phase.IDLE;
    private Optional<Trust> trust = Optional.empty();
    private Optional<Target> target = Optional.empty();
    private Optional<Request> request = Optional.empty();
    private Bytes source = Bytes.EMPTY;
    private Bytes key = Bytes.EMPTY;
    private long least;
    private long serial;
    private int chunks;
    private int turn;

    SnapshotSync(String chainId, SignatureCheck check, long patienceMillis, CatchUp claims) {
        this.chainId = chainId;
        this.check = check;
        this.patienceMillis = patienceMillis;
        this.claims = claims;
    }

    boolean isActive() {
        return phase != Phase.IDLE;
    }

    /**
     * Asks for a snapshot, if there is anybody to ask.
     *
     * @param least the lowest height that is worth it
     */
    List<Effect> begin(Trust from, long least) {
        this.least = least;
        trust = Optional.of(from);
        target = Optional.empty();
        way.clear();
        phase = Phase.WALKING;
        return askAnother();
    }

    /** Peers take turns, so that a slow one costs no more than its turn. */
    private List<Effect> askAnother() {
        List<Bytes> peers = new ArrayList<>(claims.claimants());
        peers.removeIf(leftOut::containsKey);
        if (peers.isEmpty()) {
            end();
            return List.of();
        }
        source = peers.get(Math.floorMod(turn++, peers.size()));
        return ask();
    }

    private List<Effect> ask() {
        if (phase == Phase.FETCHING && chunks >= CHUNKS_PER_TICK) {
            return List.of(); // goes on with the next tick
        }
        serial++;
        request = Optional.of(new Request(serial, source));
        Message message;
        if (phase == Phase.FETCHING) {
            chunks++;
            message = new Message.ChunkRequest(target.orElseThrow().height(), key);
        } else {
            Trust at = trust.orElseThrow();
            message = new Message.SnapshotRequest(
                    at.height() + 1, at.epoch(), at.named().hash());
        }
        return List.of(new Effect.Send(source, message), new Effect.Arm(new Timer.Snapshot(serial), patienceMillis));
    }

    List<Effect> offered(Bytes from, Message.SnapshotOffer offer) {
        if (phase != Phase.WALKING || !isAnswer(from)) {
            return List.of();
        }
        request = Optional.empty();
        if (offer.links().isEmpty() || offer.height() < least) {
            return without(from);
        }
        Trust at = trust.orElseThrow();
        for (HeaderLink link : offer.links()) {
            boolean needed = link.isChange() ? link.height() <= offer.height() : link.height() == offer.height();
            Optional<Trust> next = needed ? at.follow(chainId, link, check) : Optional.empty();
            if (next.isEmpty()) {
                return refuse(from, Refusal.BAD_SNAPSHOT);
            }
            at = next.get();
            trust = next;
            if (link.isChange()) {
                way.add(link);
            }
        }
        if (at.height() < offer.height()) {
            return askAnother();
        }
        Target found = new Target(at.block().orElseThrow(), at.own().orElseThrow(), at.named(), List.copyOf(way));
        target = Optional.of(found);
        phase = Phase.TAKING;
        return List.of(new Effect.BeginSnapshot(found.block()));
    }

    List<Effect> answered(Bytes from, Message.Chunk chunk) {
        boolean wanted = phase == Phase.FETCHING
                && isAnswer(from)
                && chunk.height() == target.orElseThrow().height();
        if (!wanted) {
            return List.of();
        }
        request = Optional.empty();
        if (chunk.data().isEmpty()) {
            return without(from);
        }
        phase = Phase.TAKING;
        return List.of(new Effect.TakeChunk(chunk.height(), chunk.data()));
    }

    List<Effect> taken(Input.ChunkTaken taken) {
        if (phase != Phase.TAKING || taken.height() != target.orElseThrow().height()) {
            return List.of();
        }
        if (taken.missing().isEmpty()) {
            phase = Phase.COMPLETE;
            return List.of();
        }
        phase = Phase.FETCHING;
        key = taken.missing().get();
        return taken.good() ? ask() : refuse(source, Refusal.BAD_SNAPSHOT);
    }

    /** Another peer is asked when the one that was asked let its time pass. */
    List<Effect> expired(Timer.Snapshot timer) {
        Optional<Bytes> late =
                request.filter(it -> it.serial() == timer.serial()).map(Request::peer);
        if (late.isEmpty()) {
            return List.of();
        }
        request = Optional.empty();
        return refuse(late.get(), Refusal.UNPROVEN_HEIGHT);
    }

    List<Effect> tick() {
        leftOut.replaceAll((peer, left) -> left - 1);
        leftOut.values().removeIf(left -> left <= 0);
        chunks = 0;
        return phase == Phase.FETCHING && request.isEmpty() ? askAnother() : List.of();
    }

    /** What is complete and waits to be installed. */
    Optional<Target> complete() {
        return phase == Phase.COMPLETE ? target : Optional.empty();
    }

    /** Installed, or not wanted any more. */
    void end() {
        phase = Phase.IDLE;
        trust = Optional.empty();
        target = Optional.empty();
        request = Optional.empty();
        way.clear();
    }

    private boolean isAnswer(Bytes from) {
        return request.filter(it -> it.peer().equals(from)).isPresent();
    }

    private List<Effect> without(Bytes peer) {
        leftOut.put(peer, LEFT_OUT_TICKS);
        return askAnother();
    }

    private List<Effect> refuse(Bytes peer, Refusal refusal) {
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.Refuse(peer, refusal));
        effects.addAll(without(peer));
        return effects;
    }
}
