package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Vote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of the next height, kept unchecked until the validators of that height are known. A peer has room for a few
 * votes, all peers together for a few proposals; what finds no room is asked for later.
 */
final class EarlyMessages {
    private static final int VOTES_PER_PEER = 32;
    private static final int PROPOSALS = 4;
    private static final int PEERS = 512;

    private final Map<Bytes, List<Vote>> votes = new LinkedHashMap<>();
    private final Map<Bytes, Proposal> proposals = new LinkedHashMap<>();

    void add(Bytes from, Vote vote) {
        if (votes.size() < PEERS || votes.containsKey(from)) {
            List<Vote> held = votes.computeIfAbsent(from, f -> new ArrayList<>());
            if (held.size() < VOTES_PER_PEER) {
                held.add(vote);
            }
        }
    }

    void add(Bytes from, Proposal proposal) {
        if (proposals.size() < PROPOSALS || proposals.containsKey(from)) {
            proposals.put(from, proposal);
        }
    }

    /** Hands everything out, proposals first, and is empty again. */
    List<Input.Received> drain() {
        List<Input.Received> all = new ArrayList<>();
        proposals.forEach((from, proposal) -> all.add(new Input.Received(from, new Message.Proposed(proposal))));
        votes.forEach((from, held) -> all.add(new Input.Received(from, new Message.Votes(held))));
        proposals.clear();
        votes.clear();
        return all;
    }
}
