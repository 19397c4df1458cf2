package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Algorithm 1 of arXiv 1807.04938 once more, as straight as can be: all messages in lists, each rule a search over
 * them, no state that the paper does not have. Messages are assumed to be genuine, and the first of a sender's two
 * counts.
 */
final class PaperOracle {
    private record Said(VoteType type, int round, Optional<Bytes> id, int slot) {}

    private final HeightContext context;
    private final List<Proposal> proposals = new ArrayList<>();
    private final List<Said> votes = new ArrayList<>();
    private final Map<Bytes, Boolean> valid = new HashMap<>();
    private final Set<Proposal> timely = new HashSet<>();
    private final Set<String> firstTime = new HashSet<>();
    private List<String> out = new ArrayList<>();

    int round = -1;
    Step step = Step.PROPOSE;
    Optional<Bytes> lockedValue = Optional.empty();
    int lockedRound = -1;
    Optional<Bytes> validValue = Optional.empty();
    int validRound = -1;
    boolean decided;

    PaperOracle(HeightContext context) {
        this.context = context;
    }

    List<String> step(Input.OfHeight input) {
        out = new ArrayList<>();
        switch (input) {
            case Input.Start() -> startRound(0);
            case Input.ProposalArrived(Proposal proposal, boolean near) -> add(proposal, near);
            case Input.ProposalSigned(Proposal proposal, Block block) -> add(proposal, true);
            case Input.BodyReady body -> {} // a proposal and its body are one thing in the paper
            case Input.VoteArrived(Vote vote) -> add(vote);
            case Input.VoteSigned(Vote vote) -> add(vote);
            case Input.Judged judged -> valid.putIfAbsent(judged.blockId(), judged.valid());
            case Input.ValueReady(long height, int of, Block block) -> {
                if (of == round && step == Step.PROPOSE && !decided) {
                    out.add("propose " + of + " " + block.id() + " -1");
                }
            }
            case Input.TimedOut(Timer.OfRound timer) -> timeout(timer);
        }
        while (!decided && rules()) {
            // until nothing more applies
        }
        return out;
    }

    /** A node drops what past rounds left behind, and asks again when it needs it. */
    void forgetExcept(Set<Bytes> held) {
        valid.keySet().retainAll(held);
    }

    private void add(Proposal proposal, boolean near) {
        proposals.add(proposal);
        if (near) {
            timely.add(proposal);
        }
    }

    private void add(Vote vote) {
        boolean spoken = votes.stream()
                .anyMatch(v -> v.type() == vote.type() && v.round() == vote.round() && v.slot() == vote.slot());
        if (!spoken) {
            votes.add(new Said(vote.type(), vote.round(), vote.blockId(), vote.slot()));
        }
    }

    private void startRound(int r) {
        round = r;
        step = Step.PROPOSE;
        if (context.proposer(r).slot() == context.self().orElseThrow().slot()) {
            out.add(validValue.isPresent() ? "propose " + r + " " + validValue.get() + " " + validRound : "build " + r);
        }
        out.add("arm PROPOSE " + r);
    }

    private void timeout(Timer.OfRound timer) {
        if (timer.round() != round || decided) {
            return;
        }
        if (timer.step() == Step.PROPOSE && step == Step.PROPOSE) {
            vote(VoteType.PREVOTE, Optional.empty());
            step = Step.PREVOTE;
        } else if (timer.step() == Step.PREVOTE && step == Step.PREVOTE) {
            vote(VoteType.PRECOMMIT, Optional.empty());
            step = Step.PRECOMMIT;
        } else if (timer.step() == Step.PRECOMMIT) {
            startRound(round + 1);
        }
    }

    private boolean rules() {
        return line49() || line55() || line36() || line44() || line22and28() || line34() || line47();
    }

    private boolean line49() {
        for (Said vote : votes) {
            if (vote.type() == VoteType.PRECOMMIT
                    && vote.id().isPresent()
                    && quorum(VoteType.PRECOMMIT, vote.round(), vote.id())
                    && held(vote.id().get())
                    && valid.containsKey(vote.id().get())) {
                decided = true;
                out.add(
                        valid.get(vote.id().get())
                                ? "decide " + vote.round() + " " + vote.id().get()
                                : "halt");
                return true;
            }
        }
        return false;
    }

    private boolean line55() {
        int latest = Math.max(
                votes.stream().mapToInt(Said::round).max().orElse(-1),
                proposals.stream().mapToInt(Proposal::round).max().orElse(-1));
        for (int r = latest; r > round; r--) {
            int of = r;
            Set<Integer> speakers = new HashSet<>();
            votes.stream().filter(v -> v.round() == of).forEach(v -> speakers.add(v.slot()));
            proposals.stream()
                    .filter(p -> p.round() == of)
                    .forEach(p -> speakers.add(context.proposer(of).slot()));
            if (3 * weight(speakers) > total()) {
                startRound(r);
                return true;
            }
        }
        return false;
    }

    private boolean line36() {
        if (step == Step.PROPOSE || firstTime.contains("36 " + round)) {
            return false;
        }
        for (Proposal proposal : proposals) {
            Bytes id = proposal.outline().id();
            if (quorum(VoteType.PREVOTE, round, Optional.of(id)) && valid.getOrDefault(id, false)) {
                firstTime.add("36 " + round);
                if (step == Step.PREVOTE) {
                    lockedValue = Optional.of(id);
                    lockedRound = round;
                    vote(VoteType.PRECOMMIT, Optional.of(id));
                    step = Step.PRECOMMIT;
                }
                validValue = Optional.of(id);
                validRound = round;
                return true;
            }
        }
        return false;
    }

    private boolean line44() {
        if (step == Step.PREVOTE && quorum(VoteType.PREVOTE, round, Optional.empty())) {
            vote(VoteType.PRECOMMIT, Optional.empty());
            step = Step.PRECOMMIT;
            return true;
        }
        return false;
    }

    private boolean line22and28() {
        Optional<Proposal> first =
                proposals.stream().filter(p -> p.round() == round).findFirst();
        if (step != Step.PROPOSE || first.isEmpty()) {
            return false;
        }
        Bytes id = first.get().outline().id();
        int vr = first.get().validRound();
        if (!valid.containsKey(id)) {
            return false;
        }
        boolean accepted = vr == -1
                ? valid.get(id)
                        && timely.contains(first.get())
                        && (lockedRound == -1 || lockedValue.equals(Optional.of(id)))
                : valid.get(id) && (lockedRound <= vr || lockedValue.equals(Optional.of(id)));
        vote(VoteType.PREVOTE, accepted ? Optional.of(id) : Optional.empty());
        step = Step.PREVOTE;
        return true;
    }

    private boolean line34() {
        return step == Step.PREVOTE && quorumOfAny(VoteType.PREVOTE) && arm("PREVOTE");
    }

    private boolean line47() {
        return quorumOfAny(VoteType.PRECOMMIT) && arm("PRECOMMIT");
    }

    private boolean arm(String what) {
        if (!firstTime.add(what + " " + round)) {
            return false;
        }
        out.add("arm " + what + " " + round);
        return true;
    }

    private void vote(VoteType type, Optional<Bytes> id) {
        out.add("vote " + type + " " + round + " " + id);
    }

    private boolean held(Bytes id) {
        return proposals.stream().anyMatch(p -> p.outline().id().equals(id));
    }

    private boolean quorum(VoteType type, int of, Optional<Bytes> id) {
        Set<Integer> slots = new HashSet<>();
        votes.stream()
                .filter(v -> v.type() == type && v.round() == of && v.id().equals(id))
                .forEach(v -> slots.add(v.slot()));
        return 3 * weight(slots) > 2 * total();
    }

    private boolean quorumOfAny(VoteType type) {
        Set<Integer> slots = new HashSet<>();
        votes.stream().filter(v -> v.type() == type && v.round() == round).forEach(v -> slots.add(v.slot()));
        return 3 * weight(slots) > 2 * total();
    }

    private long weight(Set<Integer> slots) {
        return slots.stream()
                .mapToLong(
                        slot -> context.validators().bySlot(slot).orElseThrow().weight())
                .sum();
    }

    private long total() {
        return context.validators().totalWeight();
    }
}
