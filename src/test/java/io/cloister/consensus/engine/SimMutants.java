package io.cloister.consensus.engine;

import java.util.List;

/** The bugs that {@code ./cloister sim mutants} puts into the production sources, one at a time. */
final class SimMutants {
    private static final String MACHINE = "core/RoundMachine.java";
    private static final String VOTES = "core/VoteKeeper.java";
    private static final String DRIVER = "core/Driver.java";
    private static final String REPLICA = "core/Replica.java";
    private static final String DOOR = "core/Admission.java";
    private static final String RECOVERY = "core/Recovery.java";

    private SimMutants() {}

    static final List<SimMutant> ALL = List.of(
            SimMutant.of(
                    "lines 23 and 29: the lock is no reason against a prevote",
                    MACHINE,
                    "if (acceptable && (unlocked || same)) {",
                    "if (acceptable) {"),
            SimMutant.of(
                    "line 29: an earlier polka than the lock's unlocks, a later one does not",
                    MACHINE,
                    "locked.get().round() <= validRound",
                    "locked.get().round() > validRound"),
            SimMutant.of(
                    "line 23: an invalid proposal is prevoted",
                    MACHINE,
                    "boolean acceptable = proposals.isValid(id) && ",
                    "boolean acceptable = "),
            SimMutant.of(
                    "line 36: the lock is not kept from round to round",
                    MACHINE,
                    "        step = Step.PROPOSE;\n        prevoteTimerArmed",
                    "        step = Step.PROPOSE;\n        locked = Optional.empty();\n        prevoteTimerArmed"),
            SimMutant.of(
                    "line 42: the valid value is not updated after the precommit",
                    MACHINE,
                    "valid = Optional.of(polka); // L42, L43",
                    "valid = step == Step.PREVOTE ? Optional.of(polka) : valid;"),
            SimMutant.of(
                    "line 16: the valid value is not proposed again",
                    MACHINE,
                    "if (valid.isPresent()) {",
                    "if (valid.isPresent() && newRound < 0) {"),
            SimMutant.of(
                    "line 44: a polka for nil is passed over",
                    MACHINE,
                    "if (step != Step.PREVOTE || !votes.quorum",
                    "if (step == Step.PREVOTE || !votes.quorum"),
            SimMutant.of("line 35: no prevote timer", MACHINE, "arm(Step.PREVOTE); // L35", "// L35"),
            SimMutant.of("line 48: no precommit timer", MACHINE, "arm(Step.PRECOMMIT); // L48", "// L48"),
            SimMutant.of(
                    "line 21: only the proposer arms the propose timer",
                    MACHINE,
                    "arm(Step.PROPOSE); // L21",
                    "if (context.proposes(newRound)) arm(Step.PROPOSE); // L21"),
            SimMutant.of(
                    "line 58: the propose timer counts in any step",
                    MACHINE,
                    "if (step == Step.PROPOSE) { // L58",
                    "if (step != null) { // L58"),
            SimMutant.of(
                    "line 55: rounds are not skipped",
                    MACHINE,
                    "later.ifPresent(this::startRound);\n        return later.isPresent();",
                    "return false && later.isPresent();"),
            SimMutant.of(
                    "line 50: an invalid block is decided",
                    MACHINE,
                    "if (!proposals.isValid(id)) { // L50",
                    "if (round < 0) {"),
            SimMutant.of(
                    "a quorum is 2f+1 with f = n/3",
                    VOTES,
                    "return 3 * weight > 2 * total;",
                    "return weight >= 2 * (total / 3) + 1;"),
            SimMutant.of(
                    "a quorum is two thirds and not more",
                    VOTES,
                    "return 3 * weight > 2 * total;",
                    "return 3 * weight >= 2 * total;"),
            SimMutant.of(
                    "a timer is armed at exactly a quorum and not at more",
                    VOTES,
                    "return votes != null && isQuorum(votes.tally(type).weight());",
                    "return votes != null && votes.tally(type).weight() == 2 * total / 3 + 1;"),
            SimMutant.of(
                    "votes for nil count for a value",
                    VOTES,
                    "if (isQuorum(weights.merge(vote.blockId(), of, Long::sum))) {",
                    "weights.merge(vote.blockId(), of, Long::sum);\n            if (isQuorum(weight)) {"),
            SimMutant.of(
                    "line 55: one sender counts again with each message",
                    VOTES,
                    "if (senders.add(index)) {\n                weight += of;\n            }",
                    "senders.add(index);\n            weight += of;"),
            SimMutant.of(
                    "line 55: exactly a third is enough to skip",
                    VOTES,
                    "3 * entry.getValue() > total",
                    "3 * entry.getValue() >= total"),
            SimMutant.of(
                    "a prevote is taken for a precommit",
                    VOTES,
                    "return type == VoteType.PREVOTE ? prevotes : precommits;",
                    "return prevotes;"),
            SimMutant.of(
                    "a precommit leaves before it is durable",
                    DRIVER,
                    "effects.add(new Effect.Persist(record(vote), true));",
                    "effects.add(new Effect.Persist(record(vote), false));"),
            SimMutant.of(
                    "a precommit is not logged",
                    DRIVER,
                    "effects.add(new Effect.Persist(record(vote), true));",
                    "record(vote);"),
            SimMutant.of(
                    "a decision is not logged",
                    REPLICA,
                    "boolean logged = current().isLogged(id);\n        effects.add(",
                    "boolean logged = current().isLogged(id);\n        List.<Effect>of("),
            SimMutant.of(
                    "votes of another epoch are counted",
                    REPLICA,
                    "} else if (vote.epoch() == epoch && !admit(from, vote)) {",
                    "} else if (!admit(from, vote)) {"),
            SimMutant.of(
                            "votes go on in an epoch that was left",
                            REPLICA,
                            "if (recovery.promised() <= epoch) {",
                            "if (recovery.promised() >= 0) {")
                    .and("engine/SafeSigner.java", "|| epoch < lowestEpoch", "")
                    .and(REPLICA, ".filter(v -> recovery.promised() <= epoch)", ""),
            SimMutant.of(
                    "no catching up",
                    "core/CatchUp.java",
                    "if (isBusy() || claims.isEmpty()) {",
                    "if (height > 0 || isBusy() || claims.isEmpty()) {"),
            SimMutant.of(
                    "a polka in a proposal is not checked",
                    DOOR,
                    "return polka.blockId().equals(id)\n                &&",
                    "return polka.blockId().equals(id)\n                ||"),
            SimMutant.of(
                    "signatures of votes are not checked",
                    "Vote.java",
                    ".filter(it -> check.genuine(it.voteKey(), digest(chainId), signature))",
                    ""),
            SimMutant.of(
                    "the commit of the block before is not checked",
                    DOOR,
                    "return opens && context.parent().isProvedBy(outline.lastCommit(), check);",
                    "return opens;"),
            SimMutant.of(
                    "the state root is not compared",
                    "engine/BlockExecutor.java",
                    "if (!execution.stateRoot().equals(header.stateRoot())) {",
                    "if (execution.stateRoot().isEmpty()) {"),
            SimMutant.of(
                    "time need not rise",
                    "engine/BlockExecutor.java",
                    "if (header.timeMillis() <= parent.timeMillis()) {",
                    "if (header.timeMillis() < 0) {"),
            SimMutant.of(
                    "a header's batches are not checked",
                    "Outline.java",
                    "return transactionsRoot(batches).equals(header.transactionsRoot())\n                &&",
                    "return"),
            SimMutant.of(
                    "batches that are missing are not asked for",
                    "core/DataPlane.java",
                    "if (missing.isEmpty() || others.isEmpty()) {",
                    "if (!missing.isEmpty() || others.isEmpty()) {"),
            SimMutant.of("a recovery forgets the polka", "Opening.java", "return latest;", "return Optional.empty();"),
            SimMutant.of(
                    "a statement shows no polka",
                    RECOVERY,
                    "new Effect.State(at.epoch(), number, base, at.polka())",
                    "new Effect.State(at.epoch(), number, base, Optional.empty())"),
            SimMutant.of(
                    "a required block loses the keys of its own opening",
                    REPLICA,
                    "return renewed(own, opening);",
                    "return renewed(own.size() > 0 ? named.orElseThrow() : own, opening);"),
            SimMutant.of("nobody opens an epoch", RECOVERY, "if (!complete) {", "if (complete) {"),
            SimMutant.of(
                    "a restarted node never states",
                    RECOVERY,
                    "boolean unable = !at.seated() || promised() > at.epoch() || divided;",
                    "boolean unable = divided;"),
            SimMutant.of(
                            "an epoch with two openings is never left",
                            RECOVERY,
                            "divided |= signed;",
                            "divided &= signed;")
                    .and(
                            RECOVERY,
                            "return (stalled && unable) || noQuorumLeft || (longStalled && others) || fruitless;",
                            "return (stalled && unable) || noQuorumLeft || (longStalled && others && !fruitless);"));
}
