package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Bounds what a peer can make this node send it between two ticks, and when a proposal is sent once more. */
final class AnswerLimits {
    private static final int ANSWERS_PER_TICK = 8;
    private static final int SERVICES_PER_TICK = 4;
    private static final int CHUNKS_PER_TICK = 24;

    /** How often in a row a peer has said that it lacks the proposal of a round. */
    private record Asked(long height, int round, int times) {}

    private final Map<Bytes, Integer> answers = new HashMap<>();
    private final Map<Bytes, Integer> services = new HashMap<>();
    private final Map<Bytes, Integer> chunks = new HashMap<>();
    private final Map<Bytes, Asked> asked = new HashMap<>();

    void tick() {
        answers.clear();
        services.clear();
        chunks.clear();
    }

    void nextHeight() {
        asked.clear();
    }

    boolean mayAnswer(Bytes peer) {
        return answers.merge(peer, 1, Integer::sum) <= ANSWERS_PER_TICK;
    }

    /** Whether decided blocks, or the way to a snapshot, may be read for a peer. */
    boolean mayServe(Bytes peer) {
        return services.merge(peer, 1, Integer::sum) <= SERVICES_PER_TICK;
    }

    /** Whether a part of a state may be read for a peer. */
    boolean mayServeChunk(Bytes peer) {
        return chunks.merge(peer, 1, Integer::sum) <= CHUNKS_PER_TICK;
    }

    /** A proposal is large and may be on its way: its proposer sends it at the second asking, others at the third. */
    boolean mayNeedProposal(Bytes peer, Message.Status status, boolean own) {
        int times = Optional.ofNullable(asked.get(peer))
                .filter(it -> it.height() == status.height() && it.round() == status.round())
                .map(Asked::times)
                .orElse(0);
        if (status.hasProposal()) {
            asked.remove(peer);
            return false;
        }
        asked.put(peer, new Asked(status.height(), status.round(), times + 1));
        return times + 1 >= (own ? 2 : 3);
    }
}
