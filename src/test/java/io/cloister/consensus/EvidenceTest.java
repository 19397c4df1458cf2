package io.cloister.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What convicts a validator, and what never does. */
class EvidenceTest {
    private static final String CHAIN = "chain";
    private static final Bytes A = Hashes.sha256(Bytes.utf8("a"));
    private static final Bytes B = Hashes.sha256(Bytes.utf8("b"));

    private final ValidatorSet set = TestKeys.validators(List.of(1L, 1L, 1L, 1L));

    private Vote vote(VoteType type, long epoch, long height, int round, Optional<Bytes> id, int basis, int slot) {
        Bytes digest = SignBytes.vote(CHAIN, epoch, height, round, type, id, basis);
        Bytes signature = TestKeys.sign(set.bySlot(slot).orElseThrow().voteKey(), digest);
        return new Vote(type, epoch, height, round, id, basis, slot, Optional.empty(), signature);
    }

    private Vote prevote(int round, Bytes id, int basis) {
        return vote(VoteType.PREVOTE, 1, 7, round, Optional.of(id), basis, 2);
    }

    private Vote precommit(int round, Bytes id) {
        return vote(VoteType.PRECOMMIT, 1, 7, round, Optional.of(id), -1, 2);
    }

    private Evidence.DoubleProposal proposals(int round, Bytes one, int oneValid, Bytes other, int otherValid) {
        Bytes key = set.bySlot(2).orElseThrow().voteKey();
        return new Evidence.DoubleProposal(
                2,
                1,
                7,
                round,
                one,
                oneValid,
                TestKeys.sign(key, SignBytes.proposal(CHAIN, 1, 7, round, oneValid, one)),
                other,
                otherValid,
                TestKeys.sign(key, SignBytes.proposal(CHAIN, 1, 7, round, otherValid, other)));
    }

    private boolean convicts(Evidence evidence) {
        return evidence.convicts(CHAIN, set, TestKeys.CHECK);
    }

    @Test
    void twoVotesOfOnePlaceForDifferentValuesConvict() {
        assertThat(convicts(new Evidence.DoubleVote(prevote(3, A, -1), prevote(3, B, -1))))
                .isTrue();
        assertThat(convicts(new Evidence.DoubleVote(precommit(3, A), precommit(3, B))))
                .isTrue();
        Vote nil = vote(VoteType.PRECOMMIT, 1, 7, 3, Optional.empty(), -1, 2);
        assertThat(convicts(new Evidence.DoubleVote(nil, precommit(3, A)))).isTrue();
    }

    @Test
    void votesOfOneValueOrOfDifferentPlacesDoNotConvict() {
        Vote one = prevote(3, A, -1);
        List<Vote> others = List.of(
                one,
                prevote(3, A, 1),
                prevote(4, B, -1),
                precommit(3, B),
                vote(VoteType.PREVOTE, 2, 7, 3, Optional.of(B), -1, 2),
                vote(VoteType.PREVOTE, 1, 8, 3, Optional.of(B), -1, 2),
                vote(VoteType.PREVOTE, 1, 7, 3, Optional.of(B), -1, 3));
        for (Vote other : others) {
            assertThat(convicts(new Evidence.DoubleVote(one, other))).isFalse();
            assertThat(convicts(new Evidence.DoubleVote(other, one))).isFalse();
        }
    }

    @Test
    void aPrevoteThatRestsOnLessThanALockConvicts() {
        assertThat(convicts(new Evidence.ForgottenLock(precommit(2, A), prevote(3, B, -1))))
                .isTrue();
        assertThat(convicts(new Evidence.ForgottenLock(precommit(2, A), prevote(5, B, 1))))
                .isTrue();
    }

    @Test
    void aPrevoteThatRestsOnALaterPolkaDoesNotConvict() {
        List<Evidence> none = List.of(
                new Evidence.ForgottenLock(precommit(2, A), prevote(3, B, 2)),
                new Evidence.ForgottenLock(precommit(2, A), prevote(5, B, 4)),
                new Evidence.ForgottenLock(precommit(2, A), prevote(5, A, -1)), // the same value
                new Evidence.ForgottenLock(precommit(3, A), prevote(3, B, -1)), // of the same round
                new Evidence.ForgottenLock(precommit(4, A), prevote(3, B, -1)), // before the lock
                new Evidence.ForgottenLock(
                        vote(VoteType.PRECOMMIT, 1, 7, 2, Optional.empty(), -1, 2), prevote(3, B, -1)),
                new Evidence.ForgottenLock(precommit(2, A), vote(VoteType.PREVOTE, 1, 7, 3, Optional.empty(), -1, 2)),
                new Evidence.ForgottenLock(prevote(2, A, -1), prevote(3, B, -1)),
                new Evidence.ForgottenLock(precommit(2, A), precommit(3, B)),
                new Evidence.ForgottenLock(precommit(2, A), vote(VoteType.PREVOTE, 2, 7, 3, Optional.of(B), -1, 2)),
                new Evidence.ForgottenLock(precommit(2, A), vote(VoteType.PREVOTE, 1, 8, 3, Optional.of(B), -1, 2)),
                new Evidence.ForgottenLock(precommit(2, A), vote(VoteType.PREVOTE, 1, 7, 3, Optional.of(B), -1, 3)));
        assertThat(none).noneMatch(this::convicts);
    }

    @Test
    void twoProposalsOfOneRoundConvict() {
        assertThat(convicts(proposals(3, A, -1, B, -1))).isTrue();
        assertThat(convicts(proposals(3, A, -1, A, 1))).isTrue();
        assertThat(convicts(proposals(3, A, 1, A, 1))).isFalse();
    }

    @Test
    void whatTheValidatorDidNotSignDoesNotConvict() {
        Vote good = precommit(2, A);
        Vote other = precommit(2, B);
        Vote forged = new Vote(other.type(), 1, 7, 2, other.blockId(), -1, 2, Optional.empty(), good.signature());
        assertThat(convicts(new Evidence.DoubleVote(good, forged))).isFalse();
        assertThat(convicts(new Evidence.DoubleVote(forged, good))).isFalse();
        assertThat(convicts(new Evidence.ForgottenLock(forged, prevote(3, A, -1))))
                .isFalse();
        Vote moved = new Vote(
                VoteType.PREVOTE,
                1,
                7,
                4,
                Optional.of(B),
                -1,
                2,
                Optional.empty(),
                prevote(3, B, -1).signature());
        assertThat(convicts(new Evidence.ForgottenLock(good, moved))).isFalse();
        Vote lowered = new Vote( // another basis than the one that was signed
                VoteType.PREVOTE,
                1,
                7,
                3,
                Optional.of(B),
                -1,
                2,
                Optional.empty(),
                prevote(3, B, 2).signature());
        assertThat(convicts(new Evidence.ForgottenLock(good, lowered))).isFalse();
        Evidence.DoubleProposal real = proposals(3, A, -1, B, -1);
        List<Evidence> changed = List.of(
                new Evidence.DoubleProposal(3, 1, 7, 3, A, -1, real.firstSignature(), B, -1, real.secondSignature()),
                new Evidence.DoubleProposal(2, 2, 7, 3, A, -1, real.firstSignature(), B, -1, real.secondSignature()),
                new Evidence.DoubleProposal(2, 1, 8, 3, A, -1, real.firstSignature(), B, -1, real.secondSignature()),
                new Evidence.DoubleProposal(2, 1, 7, 4, A, -1, real.firstSignature(), B, -1, real.secondSignature()),
                new Evidence.DoubleProposal(2, 1, 7, 3, B, -1, real.firstSignature(), A, -1, real.secondSignature()),
                new Evidence.DoubleProposal(2, 1, 7, 3, A, 0, real.firstSignature(), B, -1, real.secondSignature()),
                new Evidence.DoubleProposal(2, 1, 7, 3, A, -1, real.firstSignature(), B, 0, real.secondSignature()),
                new Evidence.DoubleProposal(2, 1, 7, 3, A, -1, real.firstSignature(), B, -1, Bytes.zeros(65)));
        assertThat(changed).noneMatch(this::convicts);
    }

    @Test
    void nothingConvictsOnAnotherChainOrUnderOtherKeys() {
        List<Evidence> all = List.of(
                new Evidence.DoubleVote(precommit(2, A), precommit(2, B)),
                new Evidence.ForgottenLock(precommit(2, A), prevote(3, B, -1)),
                proposals(3, A, -1, B, -1));
        List<Validator> rebooted = new ArrayList<>(set.validators());
        rebooted.set(1, new Validator(2, TestKeys.nodeId(1), TestKeys.voteKey(1, 2), 1, 2));
        ValidatorSet without = new ValidatorSet(List.of(set.at(0), set.at(2), set.at(3)));
        for (Evidence each : all) {
            assertThat(each.convicts(CHAIN, set, TestKeys.CHECK)).isTrue();
            assertThat(each.convicts("other", set, TestKeys.CHECK)).isFalse();
            assertThat(each.convicts(CHAIN, new ValidatorSet(rebooted), TestKeys.CHECK))
                    .isFalse();
            assertThat(each.convicts(CHAIN, without, TestKeys.CHECK)).isFalse();
        }
    }

    /** A validator that keeps the rules, in rounds with any proposals and polkas that may have come to be. */
    @Test
    void whoKeepsTheRulesIsNeverConvicted() {
        SplittableRandom random = new SplittableRandom(5);
        int relocks = 0;
        for (int run = 0; run < 3_000; run++) {
            Map<Integer, Bytes> polkas = new TreeMap<>();
            List<Vote> prevotes = new ArrayList<>();
            List<Vote> precommits = new ArrayList<>();
            Optional<Bytes> locked = Optional.empty();
            int lockedRound = -1;
            for (int round = 0; round < 12; round++) {
                Bytes value = random.nextBoolean() ? A : B;
                int validRound = -1;
                for (int of : polkas.keySet()) {
                    validRound = polkas.get(of).equals(value) && random.nextBoolean() ? of : validRound;
                }
                boolean same = locked.equals(Optional.of(value));
                boolean free = validRound < 0 ? locked.isEmpty() : lockedRound <= validRound;
                if (same || free) {
                    prevotes.add(prevote(round, value, Math.max(validRound, same ? lockedRound : -1)));
                }
                if (random.nextInt(3) == 0) {
                    polkas.put(round, value);
                    if (random.nextBoolean()) { // else it came after this validator's precommit for nil
                        relocks += locked.isPresent() && !same ? 1 : 0;
                        locked = Optional.of(value);
                        lockedRound = round;
                        precommits.add(precommit(round, value));
                    }
                }
            }
            for (Vote precommit : precommits) {
                assertThat(prevotes).noneMatch(it -> Evidence.ForgottenLock.holds(precommit, it));
            }
        }
        assertThat(relocks).isGreaterThan(1_000);
    }

    @Test
    void anOffenceHasOneNameWhicheverVotesShowIt() {
        Evidence one = new Evidence.DoubleVote(precommit(3, A), precommit(3, B));
        Evidence other = new Evidence.DoubleVote(precommit(3, B), precommit(3, A));
        assertThat(one.id())
                .isEqualTo(other.id())
                .isEqualTo(proposals(3, A, -1, B, -1).id());
        assertThat(one.id()).isNotEqualTo(new Evidence.DoubleVote(precommit(4, A), precommit(4, B)).id());
    }

    @Test
    void eachKindReadsBack() {
        List<Evidence> all = List.of(
                new Evidence.DoubleVote(prevote(3, A, 1), prevote(3, B, -1)),
                new Evidence.ForgottenLock(precommit(2, A), prevote(3, B, -1)),
                proposals(3, A, 2, B, -1));
        for (Evidence each : all) {
            Writer writer = new Writer();
            each.encode(writer);
            Reader reader = new Reader(writer.toBytes());
            assertThat(Evidence.decode(reader)).isEqualTo(each);
            reader.end();
        }
        assertThatThrownBy(() -> Evidence.decode(new Reader(Bytes.of((byte) 4))))
                .isInstanceOf(CodecException.class);
    }
}
