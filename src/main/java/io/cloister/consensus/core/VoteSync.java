package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Message.HeldVotes;
import io.cloister.consensus.core.Message.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what two nodes hold of the same height: makes the own status, and answers another's with what it lacks. */
final class VoteSync {
    private static final int MAX_VOTES = 128;
    private static final int MAX_PROPOSALS = 2;

    private VoteSync() {}

    static Status status(Driver driver) {
        VoteKeeper votes = driver.votes();
        List<HeldVotes> held = votes.roundsHeld().stream()
                .limit(MessageCodec.MAX_ROUNDS)
                .map(round -> new HeldVotes(
                        round, votes.bits(round, VoteType.PREVOTE), votes.bits(round, VoteType.PRECOMMIT)))
                .toList();
        boolean hasProposal = driver.proposals().first(driver.round()).isPresent();
        return new Status(
                driver.context().epoch(),
                driver.context().height(),
                driver.round(),
                driver.step(),
                hasProposal,
                driver.missing(),
                held);
    }

    /**
     * What a peer at the same height lacks of what is held here: latest rounds first, in bounded number.
     *
     * @param withProposal whether the proposal of its round is to be sent, if it is held
     */
    static List<Message> answer(Driver driver, Status status, boolean withProposal) {
        List<Message> answer = new ArrayList<>();
        status.missing().flatMap(driver.proposals()::body).ifPresent(it -> answer.add(new Message.Body(it)));
        proposals(driver, status, withProposal).forEach(proposal -> answer.add(new Message.Proposed(proposal)));
        List<Vote> votes = votes(driver, status);
        if (!votes.isEmpty()) {
            answer.add(new Message.Votes(votes));
        }
        return answer;
    }

    private static List<Proposal> proposals(Driver driver, Status status, boolean withProposal) {
        ProposalKeeper held = driver.proposals();
        List<Proposal> proposals = new ArrayList<>();
        status.missing().flatMap(held::latest).ifPresent(it -> proposals.add(it.proposal()));
        if (withProposal) {
            held.first(status.round())
                    .map(ProposalKeeper.Candidate::proposal)
                    .filter(it -> !proposals.contains(it))
                    .ifPresent(proposals::add);
        }
        return proposals.stream().limit(MAX_PROPOSALS).toList();
    }

    private static List<Vote> votes(Driver driver, Status status) {
        Map<Integer, HeldVotes> theirs = new HashMap<>();
        status.held().forEach(held -> theirs.put(held.round(), held));
        List<Vote> lacking = new ArrayList<>();
        for (int round : driver.votes().roundsHeld()) {
            Optional<HeldVotes> held = Optional.ofNullable(theirs.get(round));
            for (VoteType type : VoteType.values()) {
                Optional<Bytes> bits = held.map(it -> type == VoteType.PREVOTE ? it.prevotes() : it.precommits());
                driver.votes().votes(round, type).stream()
                        .filter(vote -> !isSet(driver, bits, vote.slot()))
                        .forEach(lacking::add);
            }
        }
        return lacking.stream().limit(MAX_VOTES).toList();
    }

    private static boolean isSet(Driver driver, Optional<Bytes> bits, int slot) {
        int index = driver.context().validators().indexOf(slot).orElseThrow();
        return bits.filter(it -> it.length() > index / 8)
                .map(it -> (it.at(index / 8) >> index % 8 & 1) == 1)
                .orElse(false);
    }
}
