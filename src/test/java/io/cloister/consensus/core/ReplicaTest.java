package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Commit;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Extension;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pace, admission, the next height's early messages, vote sync and catch-up, without any node around. */
class ReplicaTest {
    private static final Pace PACE = new Pace(100, 200, 5_000, 500, 3_000);
    private static final Bytes PEER = TestKeys.nodeId(0);
    private static final Bytes OTHER = TestKeys.nodeId(1);
    private static final Bytes GOOD = Bytes.utf8("a good extension");

    private final Committee committee = Committee.ofFour(); // height 8: slot r + 1 proposes in round r
    private final Block a = committee.block(1);
    private final Replica replica = replica(3);
    private final List<Effect> effects = new ArrayList<>();
    private long millis;
    private long wallMillis = Committee.LAST_TIME + 10;

    private static Replica replica(int slot) {
        return new Replica(new Replica.Config(
                Committee.CHAIN,
                TestKeys.nodeId(slot - 1),
                TestKeys.voteKey(slot - 1),
                Timeouts.DEFAULT,
                Timeliness.DEFAULT,
                PACE,
                Snapshots.DEFAULT,
                TestKeys.CHECK,
                (named, claim, evidence) -> TestStatements.isEvidence(claim, evidence),
                (height, from, data) -> data.equals(GOOD)));
    }

    private List<Effect> begin(boolean pending) {
        return begin(pending, Input.Memory.NONE);
    }

    private List<Effect> begin(boolean pending, Input.Memory memory) {
        return step(new Input.Begin(
                0, committee.parent, committee.validators, committee.validators, memory, pending ? 1 : 0));
    }

    private List<Effect> step(Input input) {
        List<Effect> done = replica.step(new Now(millis, wallMillis), input);
        effects.addAll(done);
        return done;
    }

    private List<Effect> receive(Bytes from, Message message) {
        return step(new Input.Received(from, message));
    }

    private List<Effect> votes(Bytes from, Vote... votes) {
        return receive(from, new Message.Votes(Arrays.asList(votes)));
    }

    private static <T> List<T> only(List<Effect> effects, Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static boolean armsProposeTimer(List<Effect> effects) {
        return only(effects, Effect.Arm.class).stream()
                .anyMatch(arm -> arm.timer() instanceof Timer.OfRound of && of.step() == Step.PROPOSE);
    }

    private static List<Message> sentTo(Bytes peer, List<Effect> effects) {
        return only(effects, Effect.Send.class).stream()
                .filter(send -> send.to().equals(peer))
                .map(Effect.Send::message)
                .toList();
    }

    @Test
    void waitsForTheLeastIntervalWhenTransactionsWait() {
        assertThat(armsProposeTimer(begin(true))).isFalse();
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Earliest(8)))))
                .isTrue();
    }

    @Test
    void waitsForTransactionsWhenThereAreNone() {
        begin(false);
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Earliest(8)))))
                .isFalse();
        assertThat(armsProposeTimer(step(new Input.Waiting(1)))).isTrue();
    }

    @Test
    void waitsAWhileForAsManyTransactionsAsTheLastBlockHad() {
        begin(false);
        Block crowded = committee.block(
                0, 1, List.of(new Batch(List.of(Bytes.utf8("one"), Bytes.utf8("two"), Bytes.utf8("three")))));
        commit(crowded);
        step(new Input.Committed(crowded, committee.validators, committee.validators, 2));
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Earliest(9)))))
                .isFalse();
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Gathered(8)))))
                .isFalse();
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Gathered(9)))))
                .isTrue();
    }

    @Test
    void waitsNoLongerThanForAsManyTransactionsAsTheLastBlockHad() {
        begin(false);
        commit(a); // it has one
        step(new Input.Committed(a, committee.validators, committee.validators, 0));
        assertThat(armsProposeTimer(step(new Input.Waiting(1)))).isFalse();
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Earliest(9)))))
                .isTrue();
    }

    @Test
    void beginsAnEmptyBlockAfterTheLongInterval() {
        List<Effect> begun = begin(false);
        assertThat(only(begun, Effect.Arm.class))
                .contains(new Effect.Arm(new Timer.Latest(8), 5_000), new Effect.Arm(new Timer.Earliest(8), 100));
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Latest(7))))).isFalse();
        assertThat(armsProposeTimer(step(new Input.Fired(new Timer.Latest(8))))).isTrue();
    }

    @Test
    void beginsWithTheProposalThatAnotherNodeSends() {
        begin(false);
        List<Effect> after = receive(PEER, new Message.Proposed(committee.proposal(0, a)));
        assertThat(armsProposeTimer(after)).isTrue();
        assertThat(only(after, Effect.Assemble.class)).containsExactly(new Effect.Assemble(a.outline()));
        assertThat(step(new Input.BodyReady(a))).contains(new Effect.Validate(a));
    }

    @Test
    void beginsWhenMoreThanAThirdSpeaksOfTheHeight() {
        begin(false);
        assertThat(armsProposeTimer(votes(PEER, committee.prevoteNil(0, 1)))).isFalse();
        assertThat(armsProposeTimer(votes(PEER, committee.prevoteNil(0, 2)))).isTrue();
    }

    @Test
    void refusesWhatNobodySigned() {
        begin(false);
        Vote forged = new Vote(VoteType.PREVOTE, 0, 8, 0, Optional.empty(), -1, 2, Optional.empty(), Bytes.zeros(65));
        assertThat(votes(PEER, forged)).contains(new Effect.Refuse(PEER, Refusal.BAD_SIGNATURE));
        Vote stranger =
                new Vote(VoteType.PREVOTE, 0, 8, 0, Optional.empty(), -1, 77, Optional.empty(), Bytes.zeros(65));
        assertThat(votes(PEER, stranger)).contains(new Effect.Refuse(PEER, Refusal.UNKNOWN_VALIDATOR));
    }

    @Test
    void refusesAVoteOfAnotherEpochOrChain() {
        begin(false);
        Bytes otherEpoch = SignBytes.vote(Committee.CHAIN, 1, 8, 0, VoteType.PREVOTE, Optional.empty());
        Bytes otherChain = SignBytes.vote("other", 0, 8, 0, VoteType.PREVOTE, Optional.empty());
        for (Bytes digest : List.of(otherEpoch, otherChain)) {
            Vote vote = new Vote(
                    VoteType.PREVOTE, 0, 8, 0, Optional.empty(), -1, 2, Optional.empty(), committee.sign(2, digest));
            assertThat(votes(PEER, vote)).contains(new Effect.Refuse(PEER, Refusal.BAD_SIGNATURE));
        }
    }

    @Test
    void refusesAProposalThatItsProposerDidNotSign() {
        begin(false);
        Bytes digest = committee.context(2).proposalDigest(0, -1, a.id());
        Proposal wrong = new Proposal(0, 0, a.outline(), Optional.empty(), committee.sign(2, digest));
        assertThat(receive(PEER, new Message.Proposed(wrong))).contains(new Effect.Refuse(PEER, Refusal.BAD_SIGNATURE));
    }

    @Test
    void refusesAProposalWithOtherTransactionsThanItsHeader() {
        begin(false);
        Block other =
                new Block(a.header(), a.lastCommit(), a.opening(), List.of(new Batch(List.of(Bytes.utf8("other")))));
        assertThat(receive(PEER, new Message.Proposed(committee.proposal(0, other))))
                .contains(new Effect.Refuse(PEER, Refusal.BAD_PROPOSAL));
        // The genuine one is still welcome afterwards.
        assertThat(only(receive(PEER, new Message.Proposed(committee.proposal(0, a))), Effect.Assemble.class))
                .hasSize(1);
    }

    @Test
    void refusesAFreshProposalMadeBySomebodyElse() {
        begin(false);
        assertThat(receive(PEER, new Message.Proposed(committee.proposal(1, a)))) // made by slot 1, signed by slot 2
                .contains(new Effect.Refuse(PEER, Refusal.BAD_PROPOSAL));
        Polka polka = committee.polka(0, a, 1, 2, 3);
        assertThat(receive(PEER, new Message.Proposed(committee.proposal(1, a, Optional.of(polka)))))
                .doesNotContain(new Effect.Refuse(PEER, Refusal.BAD_PROPOSAL));
    }

    @Test
    void refusesAPolkaThatProvesNothing() {
        begin(false);
        Block b = committee.block(2);
        List<Polka> bad = List.of(
                committee.polka(0, a, 1, 2), // two of four
                committee.polka(0, b, 1, 2, 3), // of another block
                new Polka(0, a.id(), committee.polka(1, a, 1, 2, 3).signatures())); // of another round
        for (Polka polka : bad) {
            assertThat(receive(PEER, new Message.Proposed(committee.proposal(2, a, Optional.of(polka)))))
                    .contains(new Effect.Refuse(PEER, Refusal.BAD_POLKA));
        }
    }

    @Test
    void keepsAFewMessagesOfTheNextHeightAndPlaysThemThere() {
        begin(false);
        Committee next = committee.after(a);
        for (int i = 0; i < 1_000; i++) {
            votes(PEER, next.prevoteNil(i, 2));
        }
        votes(OTHER, next.prevoteNil(0, 4));
        commit(a);
        List<Effect> after = step(new Input.Committed(a, committee.validators, committee.validators, 0));
        assertThat(replica.height()).isEqualTo(9);
        assertThat(armsProposeTimer(after)).isTrue(); // slots 2 and 4 spoke of it
    }

    /** A proposal comes, is put together and found valid. */
    private List<Effect> propose(Block block) {
        receive(PEER, new Message.Proposed(committee.proposal(0, block)));
        step(new Input.BodyReady(block));
        return step(new Input.Judged(8, block.id(), true));
    }

    /** Lets the replica decide a block through votes. */
    private void commit(Block block) {
        propose(block);
        List<Effect> after = votes(
                PEER,
                committee.precommit(0, block, 1),
                committee.precommit(0, block, 2),
                committee.precommit(0, block, 4));
        assertThat(only(after, Effect.Commit.class)).hasSize(1);
    }

    @Test
    void tellsPeersWhatItHoldsAndRepeatsItselfAtEachTick() {
        begin(false);
        propose(a);
        step(new Input.VoteSigned(committee.prevote(0, a, 3)));
        List<Effect> tick = step(new Input.Fired(new Timer.Tick()));
        assertThat(tick).contains(new Effect.Broadcast(new Message.Votes(List.of(committee.prevote(0, a, 3)))));
        assertThat(tick).anySatisfy(effect -> {
            assertThat(effect).isInstanceOf(Effect.Broadcast.class);
            assertThat(((Effect.Broadcast) effect).message()).isInstanceOfSatisfying(Message.Status.class, status -> {
                assertThat(status.height()).isEqualTo(8);
                assertThat(status.epoch()).isZero();
                assertThat(status.hasProposal()).isTrue();
                assertThat(status.held()).singleElement().satisfies(held -> {
                    assertThat(held.prevotes()).isEqualTo(Bytes.of((byte) 0b0100));
                    assertThat(held.precommits()).isEqualTo(Bytes.of((byte) 0));
                });
            });
        });
        assertThat(tick).contains(new Effect.Arm(new Timer.Tick(), 500));
    }

    private Message.Status status(boolean hasProposal, Optional<Bytes> missing, Message.HeldVotes... held) {
        return new Message.Status(0, 8, 0, Step.PREVOTE, hasProposal, missing, Arrays.asList(held));
    }

    @Test
    void answersAStatusWithTheVotesThatThePeerLacks() {
        begin(false);
        Vote one = committee.prevote(0, a, 1);
        Vote two = committee.prevoteNil(0, 2);
        votes(PEER, one, two);
        Message.HeldVotes hasOne = new Message.HeldVotes(0, Bytes.of((byte) 1), Bytes.EMPTY);
        assertThat(sentTo(OTHER, receive(OTHER, status(true, Optional.empty(), hasOne))))
                .containsExactly(new Message.Votes(List.of(two)));
        assertThat(sentTo(OTHER, receive(OTHER, status(true, Optional.empty()))))
                .containsExactly(new Message.Votes(List.of(one, two)));
    }

    @Test
    void sendsAProposalWhenThePeerAsksAgainAndAgain() {
        begin(false);
        Proposal proposal = committee.proposal(0, a);
        receive(PEER, new Message.Proposed(proposal));
        assertThat(sentTo(OTHER, receive(OTHER, status(false, Optional.empty()))))
                .isEmpty();
        assertThat(sentTo(OTHER, receive(OTHER, status(false, Optional.empty()))))
                .isEmpty();
        assertThat(sentTo(OTHER, receive(OTHER, status(false, Optional.empty()))))
                .containsExactly(new Message.Proposed(proposal));
    }

    @Test
    void sendsABlockThatHasAQuorumAtTheFirstAsking() {
        begin(false);
        propose(a);
        assertThat(sentTo(OTHER, receive(OTHER, status(true, Optional.of(a.id())))))
                .containsExactly(new Message.Body(a), new Message.Proposed(committee.proposal(0, a)));
    }

    @Test
    void answersAPeerOnlySoOftenBetweenTwoTicks() {
        begin(false);
        votes(PEER, committee.prevoteNil(0, 1));
        int answers = 0;
        for (int i = 0; i < 100; i++) {
            answers += sentTo(OTHER, receive(OTHER, status(true, Optional.empty())))
                    .size();
        }
        assertThat(answers).isEqualTo(8);
        for (int i = 0; i < 100; i++) {
            receive(OTHER, new Message.BlockRequest(1));
        }
        assertThat(only(effects, Effect.Serve.class)).hasSize(4);
        step(new Input.Fired(new Timer.Tick()));
        assertThat(sentTo(OTHER, receive(OTHER, status(true, Optional.empty()))))
                .hasSize(1);
    }

    @Test
    void aPeerBehindIsToldWhereTheChainIs() {
        begin(false);
        Message.Status behind = new Message.Status(0, 2, 0, Step.PROPOSE, false, Optional.empty(), List.of());
        assertThat(sentTo(OTHER, receive(OTHER, behind))).singleElement().isInstanceOf(Message.Status.class);
        assertThat(receive(OTHER, new Message.BlockRequest(2))).contains(new Effect.Serve(OTHER, 2));
        assertThat(only(receive(OTHER, new Message.BlockRequest(8)), Effect.Serve.class))
                .isEmpty();
    }

    private static CertifiedBlock certified(Committee of, Block block, Integer... slots) {
        return new CertifiedBlock(block, of.certificate(block, slots));
    }

    private void claim(Bytes peer, long height) {
        receive(peer, new Message.Status(0, height, 0, Step.PROPOSE, false, Optional.empty(), List.of()));
    }

    @Test
    void fetchesAndFollowsCertifiedBlocks() {
        begin(false);
        claim(PEER, 19);
        assertThat(sentTo(PEER, effects)).contains(new Message.BlockRequest(8));
        Committee next = committee.after(a);
        Block second = next.block(1);
        List<Effect> first = receive(
                PEER, new Message.Blocks(List.of(certified(committee, a, 1, 2, 3), certified(next, second, 2, 3, 4))));
        assertThat(only(first, Effect.Commit.class))
                .singleElement()
                .satisfies(it -> assertThat(it.block().block()).isEqualTo(a));
        List<Effect> following = step(new Input.Committed(a, committee.validators, committee.validators, 0));
        assertThat(only(following, Effect.Commit.class))
                .singleElement()
                .satisfies(it -> assertThat(it.block().block()).isEqualTo(second));
        List<Effect> last = step(new Input.Committed(second, committee.validators, committee.validators, 0));
        assertThat(sentTo(PEER, last)).contains(new Message.BlockRequest(10));
    }

    /** A block far ahead that the same validators decided. */
    private CertifiedHeader farAhead(long height) {
        Header near = a.header();
        Header far = new Header(
                Committee.CHAIN,
                0,
                height,
                0,
                near.timeMillis() + height,
                Bytes.zeros(32),
                Header.NONE,
                Header.NONE,
                near.transactionsRoot(),
                Bytes.zeros(32),
                Bytes.zeros(32),
                near.validatorsHash(),
                near.nextValidatorsHash(),
                List.of(),
                near.proposer());
        Bytes digest = SignBytes.vote(Committee.CHAIN, 0, height, 0, VoteType.PRECOMMIT, Optional.of(far.id()));
        List<CommitSignature> signatures = committee.validators.validators().stream()
                .map(it -> new CommitSignature(it.slot(), TestKeys.sign(it.voteKey(), digest)))
                .toList();
        return new CertifiedHeader(far, new Certificate(0, height, 0, far.id(), signatures), List.of());
    }

    private List<Effect> completeSnapshot(CertifiedHeader far) {
        long height = far.header().height();
        receive(
                PEER,
                new Message.SnapshotOffer(height, List.of(new HeaderLink(far, Optional.empty(), Optional.empty()))));
        step(new Input.ChunkTaken(height, true, Optional.of(Bytes.EMPTY)));
        receive(PEER, new Message.Chunk(height, GOOD));
        return step(new Input.ChunkTaken(height, true, Optional.empty()));
    }

    @Test
    void asksForASnapshotWhenItIsFarBehindAndGoesOnFromThereWithBlocks() {
        begin(false);
        claim(PEER, 5_000);
        assertThat(sentTo(PEER, effects))
                .contains(new Message.SnapshotRequest(8, 0, committee.validators.hash()))
                .doesNotContain(new Message.BlockRequest(8));
        CertifiedHeader far = farAhead(4_990);
        assertThat(only(completeSnapshot(far), Effect.Install.class))
                .containsExactly(new Effect.Install(far, committee.validators, committee.validators, List.of()));
        List<Effect> after = step(new Input.Installed(committee.validators, 0));
        assertThat(replica.height()).isEqualTo(4_991);
        assertThat(replica.parent().id()).isEqualTo(far.header().id());
        assertThat(sentTo(PEER, after)).contains(new Message.BlockRequest(4_991));
    }

    @Test
    void votesAndDecidesNothingWhileASnapshotIsInstalled() {
        begin(true);
        claim(PEER, 5_000);
        List<Effect> during = new ArrayList<>(completeSnapshot(farAhead(4_990)));
        during.addAll(receive(OTHER, new Message.Proposed(committee.proposal(0, a))));
        during.addAll(
                votes(PEER, committee.precommit(0, a, 1), committee.precommit(0, a, 2), committee.precommit(0, a, 4)));
        during.addAll(step(new Input.Fired(new Timer.Latest(8))));
        during.addAll(step(new Input.Fired(new Timer.OfRound(0, 8, 0, Step.PROPOSE))));
        during.addAll(step(new Input.Fired(new Timer.Tick())));
        assertThat(only(during, Effect.SignVote.class)).isEmpty();
        assertThat(only(during, Effect.SignProposal.class)).isEmpty();
        assertThat(only(during, Effect.Commit.class)).isEmpty();
    }

    @Test
    void takesBlocksWhenNobodyHasASnapshot() {
        begin(false);
        claim(PEER, 5_000);
        List<Effect> after = receive(PEER, new Message.SnapshotOffer(8, List.of()));
        assertThat(sentTo(PEER, after)).contains(new Message.BlockRequest(8));
    }

    @Test
    void asksForASnapshotWhenEverybodyHasDroppedTheBlocks() {
        begin(false);
        claim(PEER, 50);
        receive(PEER, new Message.Blocks(List.of()));
        claim(PEER, 50);
        assertThat(sentTo(PEER, effects)).contains(new Message.SnapshotRequest(8, 0, committee.validators.hash()));
    }

    @Test
    void servesSnapshotsOnlySoOftenBetweenTwoTicks() {
        begin(false);
        List<Effect> served = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            served.addAll(receive(OTHER, new Message.ChunkRequest(5, Bytes.EMPTY)));
        }
        assertThat(only(served, Effect.ServeSnapshot.class)).hasSize(24);
        served.clear();
        for (int i = 0; i < 100; i++) {
            served.addAll(receive(OTHER, new Message.SnapshotRequest(1, 0, Bytes.zeros(32))));
        }
        assertThat(only(served, Effect.ServeSnapshot.class)).hasSize(4);
    }

    @Test
    void aDecidedBlockIsInTheLogBeforeItIsCommitted() {
        begin(false);
        commit(a);
        List<Effect> order = effects.stream()
                .filter(it -> it instanceof Effect.Persist || it instanceof Effect.Commit)
                .toList();
        assertThat(order).hasSize(2);
        assertThat(order.getFirst()).isInstanceOfSatisfying(Effect.Persist.class, persist -> {
            assertThat(persist.record()).isInstanceOfSatisfying(LogRecord.Decided.class, decided -> {
                assertThat(decided.certificate().blockId()).isEqualTo(a.id());
                assertThat(decided.block()).contains(a);
            });
        });
    }

    @Test
    void refusesCertifiedBlocksThatProveNothing() {
        Block another = committee.block(2);
        Block early = committee.block(-1);
        Committee far = committee.after(a);
        List<CertifiedBlock> bad = List.of(
                certified(committee, a, 1, 2), // no quorum
                new CertifiedBlock(another, committee.certificate(a, 1, 2, 3)),
                new CertifiedBlock(
                        new Block(a.header(), a.lastCommit(), a.opening(), List.of()),
                        committee.certificate(a, 1, 2, 3)),
                new CertifiedBlock(
                        new Block(a.header(), Optional.empty(), a.opening(), a.batches()),
                        committee.certificate(a, 1, 2, 3)),
                certified(committee, early, 1, 2, 3), // not later than its parent
                certified(far, far.block(1), 1, 2, 3)); // not the next height
        begin(false);
        for (CertifiedBlock block : bad) {
            claim(PEER, 19);
            List<Effect> after = receive(PEER, new Message.Blocks(List.of(block)));
            assertThat(after).contains(new Effect.Refuse(PEER, Refusal.BAD_BLOCK));
            assertThat(only(after, Effect.Commit.class)).isEmpty();
        }
    }

    @Test
    void blocksThatNobodyAskedForAreIgnored() {
        begin(false);
        assertThat(receive(PEER, new Message.Blocks(List.of(certified(committee, a, 1, 2, 3)))))
                .isEmpty();
        claim(PEER, 19);
        assertThat(only(
                        receive(OTHER, new Message.Blocks(List.of(certified(committee, a, 1, 2, 3)))),
                        Effect.Commit.class))
                .isEmpty();
    }

    @Test
    void whoClaimsHeightsAndShowsNothingComesLast() {
        begin(false);
        claim(PEER, 1_000);
        Timer.Request timer =
                (Timer.Request) only(effects, Effect.Arm.class).getLast().timer();
        claim(OTHER, 19);
        List<Effect> after = step(new Input.Fired(timer));
        assertThat(after).contains(new Effect.Refuse(PEER, Refusal.UNPROVEN_HEIGHT));
        assertThat(sentTo(OTHER, after)).contains(new Message.BlockRequest(8));
        claim(PEER, 2_000_000);
        Timer.Request second =
                (Timer.Request) only(after, Effect.Arm.class).getLast().timer();
        receive(OTHER, new Message.Blocks(List.of()));
        assertThat(step(new Input.Fired(second))).isEmpty(); // it was answered
    }

    @Test
    void oneHeightAheadIsNotYetBehind() {
        begin(false);
        claim(PEER, 9);
        assertThat(sentTo(PEER, effects)).isEmpty();
        step(new Input.Fired(new Timer.Tick()));
        assertThat(sentTo(PEER, step(new Input.Fired(new Timer.Tick())))).contains(new Message.BlockRequest(8));
    }

    @Test
    void farHeightsLeaveNothingBehind() {
        begin(false);
        Committee far = new Committee(1_000, List.of(1L, 1L, 1L, 1L));
        for (int i = 0; i < 1_000; i++) {
            votes(OTHER, far.prevoteNil(i, 1));
        }
        assertThat(only(effects, Effect.Send.class)).hasSize(1); // one request for blocks, once
        assertThat(replica.round()).isZero();
        assertThat(replica.voters(0, VoteType.PREVOTE)).isEmpty();
    }

    @Test
    void aDecisionAndAFetchedBlockOfOneHeightCommitOnce() {
        begin(false);
        claim(PEER, 19);
        propose(a);
        receive(PEER, new Message.Blocks(List.of(certified(committee, a, 1, 2, 3))));
        votes(PEER, committee.precommit(0, a, 1), committee.precommit(0, a, 2), committee.precommit(0, a, 4));
        assertThat(only(effects, Effect.Commit.class)).hasSize(1);
    }

    @Test
    void remembersWhereEachValidatorWasHeardOf() {
        begin(false);
        votes(PEER, committee.prevoteNil(0, 2));
        assertThat(replica.seen()).containsEntry(TestKeys.nodeId(1), new Presence.Seen(8, 0, 0));
        claim(PEER, 17);
        assertThat(replica.seen()).containsEntry(PEER, new Presence.Seen(17, 0, 0));
    }

    @Test
    void refusesAPrecommitWithAnExtensionThatTheApplicationDoesNotTake() {
        begin(false);
        Vote bad = committee.precommit(0, a, 1, Bytes.utf8("a bad extension"));
        assertThat(votes(PEER, bad)).contains(new Effect.Refuse(PEER, Refusal.BAD_EXTENSION));
        Vote good = committee.precommit(0, a, 1, GOOD);
        Extension unsigned = new Extension(GOOD, Bytes.zeros(65));
        Vote forged = new Vote(good.type(), 0, 8, 0, good.blockId(), -1, 1, Optional.of(unsigned), good.signature());
        assertThat(votes(PEER, forged)).contains(new Effect.Refuse(PEER, Refusal.BAD_SIGNATURE));
        assertThat(only(votes(PEER, good), Effect.Refuse.class)).isEmpty();
        assertThat(replica.voters(0, VoteType.PRECOMMIT)).containsExactly(1);
    }

    @Test
    void theNextParentsCommitHasTheExtensionsThatWereHeld() {
        begin(false);
        propose(a);
        votes(
                PEER,
                committee.precommit(0, a, 1, GOOD),
                committee.precommit(0, a, 2),
                committee.precommit(0, a, 4, GOOD));
        step(new Input.Committed(a, committee.validators, committee.validators, 0));
        Commit commit = replica.parent().commit().orElseThrow();
        assertThat(commit.extensions()).extracting(Commit.OfSlot::slot).containsExactly(1, 4);
        assertThat(commit.flaw(a.header(), committee.validators, TestKeys.CHECK))
                .isEmpty();
    }

    @Test
    void refusesAProposalWhoseCommitDoesNotProveTheBlockBefore() {
        begin(false);
        commit(a);
        step(new Input.Committed(a, committee.validators, committee.validators, 0));
        Committee next = committee.after(a);
        Block good = next.block(1);
        Commit few = new Commit(committee.certificate(a, 1, 2), List.of(), List.of());
        Commit forged = new Commit(
                committee.certificate(a, 1, 2, 3),
                List.of(),
                List.of(new Commit.OfSlot(1, new Extension(GOOD, Bytes.zeros(65)))));
        for (Optional<Commit> wrong : List.of(Optional.of(few), Optional.of(forged), Optional.<Commit>empty())) {
            Block bad = withCommit(good, wrong);
            assertThat(receive(PEER, new Message.Proposed(next.proposal(0, bad))))
                    .contains(new Effect.Refuse(PEER, Refusal.BAD_PROPOSAL));
        }
        assertThat(only(receive(PEER, new Message.Proposed(next.proposal(0, good))), Effect.Assemble.class))
                .hasSize(1);
    }

    private static Block withCommit(Block block, Optional<Commit> commit) {
        Header h = block.header();
        Header header = new Header(
                h.chainId(),
                h.epoch(),
                h.height(),
                h.round(),
                h.timeMillis(),
                h.parent(),
                Outline.hash(commit),
                h.openingHash(),
                h.transactionsRoot(),
                h.receiptsRoot(),
                h.stateRoot(),
                h.validatorsHash(),
                h.nextValidatorsHash(),
                h.absent(),
                h.proposer());
        return new Block(header, commit, block.opening(), block.batches());
    }

    @Test
    void aFreshProposalOfAnotherTimeIsNotTimelyAndAnOldOneIsNotAsked() {
        wallMillis = a.header().timeMillis() + 10_000;
        begin(false);
        propose(a);
        assertThat(only(effects, Effect.SignVote.class))
                .singleElement()
                .satisfies(it -> assertThat(it.blockId()).isEmpty());
        step(new Input.Fired(new Timer.OfRound(0, 8, 0, Step.PRECOMMIT)));
        Polka polka = committee.polka(0, a, 1, 2, 4);
        receive(PEER, new Message.Proposed(committee.proposal(1, a, Optional.of(polka))));
        assertThat(only(effects, Effect.SignVote.class).getLast().blockId()).contains(a.id());
    }

    /** Slots 1, 2 and 4 have booted again and open epoch 3; slot 3 has its key still. */
    private Opening opening(Optional<HeldPolka> polka) {
        Optional<CertifiedHeader> base = committee.parent.certified();
        return TestStatements.opening(
                4,
                TestStatements.statement(Committee.CHAIN, 3, 0, 2, base, polka),
                TestStatements.statement(Committee.CHAIN, 3, 1, 2, base, Optional.empty()),
                TestStatements.statement(Committee.CHAIN, 3, 3, 2, base, Optional.empty()));
    }

    private Committee opened(Opening opening) {
        return committee.in(
                3, KeyClaim.replaced(committee.validators, opening.claims()).orElseThrow());
    }

    @Test
    void anOpeningIsDurableBeforeAnyVoteInItsEpoch() {
        begin(false);
        Opening opening = opening(Optional.empty());
        List<Effect> after = receive(PEER, new Message.Opened(opening));
        assertThat(after)
                .startsWith(new Effect.LeaveEpochsBelow(3), new Effect.Persist(new LogRecord.Opened(8, opening), true));
        assertThat(replica.epoch()).isEqualTo(3);
        assertThat(replica.promised()).isEqualTo(3);
        assertThat(replica.context().validators()).isEqualTo(opened(opening).validators);
        assertThat(replica.context().self()).isPresent();
        assertThat(armsProposeTimer(after)).isTrue();
        assertThat(receive(OTHER, new Message.Opened(opening))).isEmpty();
    }

    @Test
    void votesAndProposalsOfTheEpochThatWasLeftCountForNothing() {
        begin(false);
        receive(PEER, new Message.Opened(opening(Optional.empty())));
        votes(PEER, committee.prevote(0, a, 1));
        receive(PEER, new Message.Proposed(committee.proposal(0, a)));
        assertThat(replica.voters(0, VoteType.PREVOTE)).isEmpty();
        assertThat(only(effects, Effect.Assemble.class)).isEmpty();
        assertThat(only(effects, Effect.Refuse.class)).isEmpty();
        Committee fresh = opened(opening(Optional.empty()));
        votes(PEER, fresh.prevoteNil(0, 1));
        assertThat(replica.voters(0, VoteType.PREVOTE)).containsExactly(1);
    }

    /** Its leader has signed two: that is not the fault of a proposer who was shown the other. */
    @Test
    void aProposalWithAnotherOpeningOfTheEpochIsNoOffence() {
        begin(false);
        Opening here = opening(Optional.empty());
        Opening there = TestStatements.opening(
                4,
                here.statements().get(0),
                here.statements().get(1),
                TestStatements.statement(Committee.CHAIN, 3, 2, 1, committee.parent.certified(), Optional.empty()));
        receive(PEER, new Message.Opened(here));
        Committee others = opened(there);
        effects.clear();
        receive(PEER, new Message.Proposed(others.proposal(0, others.opened(1, there))));
        assertThat(only(effects, Effect.Refuse.class)).isEmpty();
        assertThat(only(effects, Effect.Assemble.class)).isEmpty();
        Opening forged = new Opening(there.statements(), KeyClaim.UNSIGNED);
        receive(PEER, new Message.Proposed(others.proposal(0, others.opened(2, forged))));
        assertThat(only(effects, Effect.Refuse.class)).containsExactly(new Effect.Refuse(PEER, Refusal.BAD_PROPOSAL));
    }

    @Test
    void whatAnOpeningRequiresIsTheOnlyBlockOfItsHeight() {
        begin(false);
        HeldPolka polka = new HeldPolka(0, a.header(), committee.polka(0, a, 1, 2, 4), List.of());
        Opening opening = opening(Optional.of(polka));
        receive(PEER, new Message.Opened(opening));
        assertThat(replica.epoch()).isZero(); // nothing is opened without the block that it requires
        receive(PEER, new Message.Body(a));
        assertThat(replica.context().required()).contains(a.id());
        Committee fresh = opened(opening);
        assertThat(receive(PEER, new Message.Proposed(fresh.proposal(0, committee.block(2)))))
                .contains(new Effect.Refuse(PEER, Refusal.BAD_PROPOSAL));
        receive(PEER, new Message.Proposed(fresh.proposal(0, a)));
        step(new Input.BodyReady(a));
        step(new Input.Judged(8, a.id(), true));
        assertThat(only(effects, Effect.SignVote.class).getLast().blockId()).contains(a.id());
        votes(PEER, fresh.precommit(0, a, 1), fresh.precommit(0, a, 2), fresh.precommit(0, a, 4));
        Effect.Commit commit = only(effects, Effect.Commit.class).getFirst();
        assertThat(commit.block().certificate().epoch()).isEqualTo(3);
        assertThat(commit.block().keys()).isEqualTo(opening.claims());
        step(new Input.Committed(a, committee.validators, committee.validators, 0));
        assertThat(replica.epoch()).isEqualTo(3);
        assertThat(replica.context().opening()).contains(opening); // the next block carries it
        assertThat(replica.context().required()).isEmpty();
        assertThat(replica.context().validators()).isEqualTo(fresh.validators);
    }

    /** In epoch 1 slot 1 has its third boot, which does not speak in the recovery to epoch 3. */
    @Test
    void whatAnOpeningRequiresKeepsTheKeysOfItsOwnOpening() {
        Optional<CertifiedHeader> base = committee.parent.certified();
        Opening first = TestStatements.opening(
                4,
                TestStatements.statement(Committee.CHAIN, 1, 0, 3, base, Optional.empty()),
                TestStatements.statement(Committee.CHAIN, 1, 1, 2, base, Optional.empty()),
                TestStatements.statement(Committee.CHAIN, 1, 2, 1, base, Optional.empty()));
        Committee inFirst = committee.in(
                1, KeyClaim.replaced(committee.validators, first.claims()).orElseThrow());
        Block block = inFirst.opened(1, first);
        HeldPolka polka = new HeldPolka(1, block.header(), inFirst.polka(0, block, 1, 2, 3), first.claims());
        Opening second = TestStatements.opening(
                4,
                TestStatements.statement(Committee.CHAIN, 3, 1, 2, base, Optional.of(polka)),
                TestStatements.statement(Committee.CHAIN, 3, 2, 1, base, Optional.empty()),
                TestStatements.statement(Committee.CHAIN, 3, 3, 2, base, Optional.empty()));
        begin(false);
        receive(PEER, new Message.Opened(second));
        assertThat(receive(PEER, new Message.Body(block)))
                .containsSubsequence(
                        new Effect.Persist(new LogRecord.Required(block), false),
                        new Effect.Persist(new LogRecord.Opened(8, second), true));
        ValidatorSet voters =
                KeyClaim.replaced(inFirst.validators, second.claims()).orElseThrow();
        assertThat(replica.context().validators()).isEqualTo(voters);
        Committee inSecond = committee.in(3, voters);
        receive(PEER, new Message.Proposed(inSecond.proposal(0, block)));
        step(new Input.BodyReady(block));
        step(new Input.Judged(8, block.id(), true));
        votes(PEER, inSecond.precommit(0, block, 1), inSecond.precommit(0, block, 2), inSecond.precommit(0, block, 4));
        CertifiedBlock decided = only(effects, Effect.Commit.class).getFirst().block();
        assertThat(decided.certificate().flaw(block.header(), inFirst.validators, decided.keys(), TestKeys.CHECK))
                .isEmpty();
    }

    @Test
    void aRestartGoesOnWithWhatItsOpeningRequires() {
        HeldPolka polka = new HeldPolka(0, a.header(), committee.polka(0, a, 1, 2, 4), List.of());
        Opening opening = opening(Optional.of(polka));
        begin(
                false,
                new Input.Memory(
                        Optional.of(polka), Optional.of(a), Optional.empty(), Optional.of(opening), Optional.of(a)));
        assertThat(replica.context().required()).contains(a.id());
        assertThat(replica.context().validators()).isEqualTo(opened(opening).validators);
    }

    /** This node has the certificate of the block's own epoch, the proposer that of the one between. */
    @Test
    void aCommitOfAnyLaterEpochProvesTheBlockBeforeByTheKeysThatItCarries() {
        Opening between = opening(Optional.empty());
        Committee fresh = opened(between);
        Parent here = Parent.of(
                new CertifiedHeader(a.header(), committee.certificate(a, 1, 2, 3), List.of()), committee.validators);
        Certificate certificate = fresh.certificate(a, 1, 2, 4);
        Commit there = Commit.of(new CertifiedHeader(a.header(), certificate, between.claims()), List.of());
        assertThat(here.isProvedBy(Optional.of(there), TestKeys.CHECK)).isTrue();
        Commit keyless = new Commit(certificate, List.of(), List.of());
        assertThat(here.isProvedBy(Optional.of(keyless), TestKeys.CHECK)).isFalse();
    }

    @Test
    void aStaleNodeFollowsABlockThatAnotherEpochDecidedWithItsKeys() {
        begin(false);
        Opening opening = opening(Optional.empty());
        Committee fresh = opened(opening);
        claim(PEER, 19);
        CertifiedBlock certified = new CertifiedBlock(a, fresh.certificate(a, 1, 2, 4), opening.claims());
        assertThat(only(receive(PEER, new Message.Blocks(List.of(certified))), Effect.Commit.class))
                .hasSize(1);
    }

    @Test
    void aRestartGoesOnInTheEpochThatItsLogHasOpened() {
        Opening opening = opening(Optional.empty());
        begin(
                false,
                new Input.Memory(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(opening), Optional.empty()));
        assertThat(replica.epoch()).isEqualTo(3);
        assertThat(replica.context().self()).isPresent();
        assertThat(replica.context().opening()).contains(opening);
    }

    @Test
    void whoHasPromisedALaterEpochHasNoVoteInThisOne() {
        begin(
                false,
                new Input.Memory(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Input.Promise(2, 1)),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(replica.context().self()).isEmpty();
        propose(a);
        assertThat(only(effects, Effect.SignVote.class)).isEmpty();
    }

    @Test
    void aPeerInAnEarlierEpochIsShownTheOpening() {
        begin(false);
        Opening opening = opening(Optional.empty());
        receive(PEER, new Message.Opened(opening));
        assertThat(sentTo(OTHER, receive(OTHER, status(true, Optional.empty()))))
                .containsExactly(new Message.Opened(opening));
    }
}
