package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Polka;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** One random play of the production rules beside the transliteration: after each input both must stand at the same place. */
public final class OracleRun {
    private static final int INPUTS = 60;
    private static final List<List<Long>> COMMITTEES = List.of(
            List.of(1L, 1L, 1L, 1L), List.of(1L, 1L, 1L), List.of(3L, 1L, 2L, 2L, 1L), List.of(1L, 1L, 1L, 1L, 1L));

    private final long seed;
    private final SplittableRandom random;
    private final Committee committee;
    private final Play play;
    private final PaperOracle oracle;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Proposal> archive = new ArrayList<>();
    private final List<Timer.OfRound> armed = new ArrayList<>();
    private final int bias;
    private final int favourite;

    public OracleRun(long seed) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        committee = new Committee(random.nextInt(1, 9), COMMITTEES.get(random.nextInt(COMMITTEES.size())));
        int slot = 1 + random.nextInt(committee.validators.size());
        play = new Play(committee, slot);
        oracle = new PaperOracle(committee.context(slot));
        for (int i = 0; i < 4; i++) {
            blocks.add(committee.block(i));
        }
        bias = random.nextInt(4);
        favourite = random.nextInt(4);
        play.value = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(blocks.get(0));
        if (random.nextInt(3) == 0) {
            play.invalid.add(blocks.get(2).id());
        }
        play.untimely.add(blocks.get(3).id());
    }

    /**
     * @param seen counts the kinds of effects that were compared
     * @throws AssertionError where the two differ
     */
    public void play(Map<String, Integer> seen) {
        play.watcher = (input, effects) -> compare(input, effects, seen);
        play.input(new Input.Start());
        for (int i = 0; i < INPUTS && !play.driver.isDecided(); i++) {
            play.input(random());
            fetchMissing();
        }
    }

    private void compare(Input.OfHeight input, List<Effect> effects, Map<String, Integer> seen) {
        oracle.forgetExcept(play.driver.proposals().bodies().keySet());
        List<String> expected = oracle.step(input);
        List<String> actual = effects.stream().flatMap(e -> name(e).stream()).toList();
        assertThat(actual).as("seed %d, input %s", seed, input).isEqualTo(expected);
        expected.forEach(effect -> seen.merge(effect.split(" ")[0], 1, Integer::sum));
        effects.forEach(effect -> {
            if (effect instanceof Effect.Arm(Timer.OfRound timer, long delay)) {
                armed.add(timer);
            }
        });
        if (oracle.round >= 0) {
            assertThat(play.driver.round()).isEqualTo(oracle.round);
            assertThat(play.driver.step()).isEqualTo(oracle.step);
        }
        assertThat(play.driver.locked().map(Polka::round).orElse(-1)).isEqualTo(oracle.lockedRound);
        assertThat(play.driver.locked().map(Polka::blockId)).isEqualTo(oracle.lockedValue);
        assertThat(play.driver.valid().map(Polka::round).orElse(-1)).isEqualTo(oracle.validRound);
        assertThat(play.driver.valid().map(Polka::blockId)).isEqualTo(oracle.validValue);
        assertThat(play.driver.isDecided()).isEqualTo(oracle.decided);
    }

    private static Optional<String> name(Effect effect) {
        return switch (effect) {
            case Effect.Build(long height, int round) -> Optional.of("build " + round);
            case Effect.SignProposal(int round, Block block, Optional<Polka> polka) ->
                Optional.of("propose " + round + " " + block.id() + " "
                        + polka.map(Polka::round).orElse(-1));
            case Effect.SignVote(VoteType type, long height, int round, Optional<Bytes> id, int basis) ->
                Optional.of("vote " + type + " " + round + " " + id);
            case Effect.Arm(Timer.OfRound(long epoch, long height, int round, Step step), long delay) ->
                Optional.of("arm " + step + " " + round);
            case Effect.Commit(CertifiedBlock block) ->
                Optional.of("decide " + block.certificate().round() + " "
                        + block.block().id());
            case Effect.Halt halt -> Optional.of("halt");
            default -> Optional.empty();
        };
    }

    private Input.OfHeight random() {
        int round = play.driver.round();
        return switch (random.nextInt(12)) {
            case 0, 1 -> proposal(round + random.nextInt(2));
            case 2, 3 -> armed.isEmpty() ? vote(round) : new Input.TimedOut(armed.get(random.nextInt(armed.size())));
            case 4 -> vote(round + 1);
            case 5 -> vote(Math.max(0, round - 1));
            default -> vote(round);
        };
    }

    private Block anyBlock() {
        return blocks.get(random.nextInt(4) < bias ? favourite : random.nextInt(blocks.size()));
    }

    private Input.OfHeight vote(int round) {
        int slot = otherSlot();
        Optional<Bytes> id = random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(anyBlock().id());
        VoteType type = random.nextBoolean() ? VoteType.PREVOTE : VoteType.PRECOMMIT;
        int basis = type == VoteType.PREVOTE && id.isPresent() ? random.nextInt(-1, round) : -1;
        return new Input.VoteArrived(committee.vote(type, round, id, basis, slot));
    }

    private int otherSlot() {
        int slot = 1 + random.nextInt(committee.validators.size());
        return slot == play.slot ? slot % committee.validators.size() + 1 : slot;
    }

    /** A proposal; with a valid round only if that round has a polka, because nothing else passes the door. */
    private Input.OfHeight proposal(int round) {
        if (committee.proposer(round).slot() == play.slot) {
            return vote(round);
        }
        Block block = anyBlock();
        Optional<Polka> polka = Optional.empty();
        for (int vr = Math.max(0, round - 3); vr < round; vr++) {
            if (play.driver.votes().quorum(vr, VoteType.PREVOTE, Optional.of(block.id()))) {
                polka = Optional.of(play.driver.votes().polka(vr, block.id()));
            }
        }
        Proposal proposal = committee.proposal(round, block, polka);
        archive.add(proposal);
        return play.arrived(proposal, block);
    }

    /** Peers answer what the node says it misses. */
    private void fetchMissing() {
        Optional<Bytes> missing = play.driver.missing();
        missing.flatMap(id -> archive.stream()
                        .filter(it -> it.outline().id().equals(id))
                        .reduce((first, second) -> second))
                .ifPresent(it -> {
                    Block body =
                            Objects.requireNonNull(play.bodies.get(it.outline().id()));
                    play.input(random.nextBoolean() ? play.arrived(it, body) : new Input.BodyReady(body));
                });
    }
}
