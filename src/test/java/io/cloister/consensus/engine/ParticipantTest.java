package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Commit;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.Extension;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.HeightContext;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.MessageCodec;
import io.cloister.consensus.core.Now;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Step;
import io.cloister.consensus.core.Timer;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One node, slot 3 of four, and hand-made blocks: what it votes for, and when it stops. */
class ParticipantTest {
    private static final Logger LOG = Logger.getLogger("io.cloister.consensus");
    private static final ValidatorSet VALIDATORS = TestKeys.validators(Collections.nCopies(4, 1L));
    private static final long NOW = 50_000;

    private final Genesis genesis = TestApplication.genesis("one", VALIDATORS);
    private final MemoryConsensusStore store = new MemoryConsensusStore();
    private final MemoryConsensusLog log = new MemoryConsensusLog();
    private final TestChain chain = new TestChain(genesis);
    private final List<Message> sent = new ArrayList<>();
    private final List<Statement> statements = new ArrayList<>();
    private int unstored;
    private long millis;
    private TestApplication application = new TestApplication();
    private TransactionPool pool = new TransactionPool(application, PoolLimits.DEFAULT);
    private TestBoot boot = TestBoot.of(2, 1);
    private Participant participant = participant(log);

    @BeforeEach
    void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        LOG.setLevel(Level.INFO);
    }

    private Participant participant(ConsensusLog over) {
        return participant(over, 1);
    }

    /** Slot 3 in one of its boots; the validators know the first one. */
    private Participant participant(ConsensusLog over, long counter) {
        Outbox outbox = new Outbox() {
            @Override
            public void send(Bytes to, Message message) {
                sent.add(message);
            }

            @Override
            public void broadcast(Message message) {
                sent.add(message);
            }
        };
        boot = TestBoot.of(2, counter);
        application = new TestApplication();
        pool = new TransactionPool(application, PoolLimits.DEFAULT);
        Participant made = new Participant(
                new Participant.Surroundings(
                        genesis,
                        TestKeys.nodeId(2),
                        boot,
                        TestKeys.CHECK,
                        application,
                        store,
                        over,
                        pool,
                        outbox,
                        (timer, delay) -> {},
                        Runnable::run,
                        () -> unstored++,
                        Beside.DIRECT,
                        () -> new Now(millis, NOW)),
                EngineSettings.DEFAULT);
        boot.connect(statements::add);
        return made;
    }

    /** What is decided reaches the store. */
    private void storeAll() {
        while (unstored > 0) {
            unstored--;
            participant.tail().storeNext().ifPresent(participant::stored);
        }
    }

    private HeightContext context() {
        return participant.replica().context();
    }

    /** Slot 1 proposes in round 0 what an honest proposer would, but for a change in the header. */
    private Block propose(UnaryOperator<Header> change, String... transactions) {
        participant.start();
        return proposeNext(change, transactions);
    }

    private Block proposeNext(UnaryOperator<Header> change, String... transactions) {
        Block honest = chain.propose(NOW + chain.parent().height(), transactions);
        Block block = new Block(change.apply(honest.header()), honest.lastCommit(), honest.opening(), honest.batches());
        if (transactions.length > 0) {
            participant.deliver(TestKeys.nodeId(0), new Message.Batches(block.batches()));
        }
        int proposer = context().proposer(0).slot() - 1;
        Bytes digest = context().proposalDigest(0, -1, block.id());
        participant.deliver(
                TestKeys.nodeId(proposer),
                new Message.Proposed(new Proposal(
                        0, 0, block.outline(), Optional.empty(), TestKeys.sign(TestKeys.voteKey(proposer), digest))));
        return block;
    }

    private Vote vote(VoteType type, int round, Optional<Bytes> id, int slot) {
        Bytes digest = context().voteDigest(type, round, id, -1);
        return new Vote(
                type,
                0,
                context().height(),
                round,
                id,
                -1,
                slot,
                Optional.empty(),
                TestKeys.sign(TestKeys.voteKey(slot - 1), digest));
    }

    private void deliver(Vote vote) {
        participant.deliver(TestKeys.nodeId(vote.slot() - 1), new Message.Votes(List.of(vote)));
    }

    private void deliver(VoteType type, Block block, int... slots) {
        for (int slot : slots) {
            deliver(vote(type, 0, Optional.of(block.id()), slot));
        }
    }

    private Stream<Vote> ownVotes(VoteType type) {
        return sent.stream()
                .filter(Message.Votes.class::isInstance)
                .flatMap(message -> ((Message.Votes) message).votes().stream())
                .filter(vote -> vote.slot() == 3 && vote.type() == type);
    }

    private Optional<Optional<Bytes>> ownPrevote() {
        return ownVotes(VoteType.PREVOTE).map(Vote::blockId).findFirst();
    }

    private static Header with(
            Header h, long time, Bytes parent, Bytes receipts, Bytes state, Bytes validators, Bytes next) {
        return new Header(
                h.chainId(),
                h.epoch(),
                h.height(),
                h.round(),
                time,
                parent,
                h.commitHash(),
                h.openingHash(),
                h.transactionsRoot(),
                receipts,
                state,
                validators,
                next,
                h.absent(),
                h.proposer());
    }

    private static Header absent(Header h, List<Integer> absent) {
        return new Header(
                h.chainId(),
                h.epoch(),
                h.height(),
                h.round(),
                h.timeMillis(),
                h.parent(),
                h.commitHash(),
                h.openingHash(),
                h.transactionsRoot(),
                h.receiptsRoot(),
                h.stateRoot(),
                h.validatorsHash(),
                h.nextValidatorsHash(),
                absent,
                h.proposer());
    }

    private static Header at(Header h, long time) {
        return with(h, time, h.parent(), h.receiptsRoot(), h.stateRoot(), h.validatorsHash(), h.nextValidatorsHash());
    }

    @Test
    void tellsOfADecisionBeforeItIsStored() {
        List<String> told = new ArrayList<>();
        participant.onDecided(decided -> told.add(decided.height() + " with " + store.height() + " stored"));
        Block block = propose(UnaryOperator.identity(), "a");
        deliver(VoteType.PREVOTE, block, 1, 2, 4);
        deliver(VoteType.PRECOMMIT, block, 1, 2, 4);
        assertThat(told).containsExactly("1 with 0 stored");
        storeAll();
        assertThat(store.height()).isEqualTo(1);
    }

    @Test
    void prevotesAndCommitsABlockWhoseRootsItFindsToo() {
        Block block = propose(header -> header, "tx");
        assertThat(ownPrevote()).contains(Optional.of(block.id()));
        deliver(VoteType.PREVOTE, block, 1, 2);
        deliver(VoteType.PRECOMMIT, block, 1, 2);
        assertThat(participant.tail().height()).isEqualTo(1);
        assertThat(store.height()).isZero();
        storeAll();
        assertThat(store.height()).isEqualTo(1);
        assertThat(application.durableHeight()).isEqualTo(1);
        assertThat(application.root()).isEqualTo(block.header().stateRoot());
        assertThat(TestApplication.root(store.state())).isEqualTo(block.header().stateRoot());
        assertThat(participant.replica().height()).isEqualTo(2);
        assertThat(participant.halted()).isEmpty();
    }

    @Test
    void prevotesNilForWhateverIsWrongInTheHeader() {
        Bytes other = Bytes.zeros(32);
        List<UnaryOperator<Header>> wrongs = List.of(
                h -> with(
                        h,
                        h.timeMillis(),
                        h.parent(),
                        h.receiptsRoot(),
                        other,
                        h.validatorsHash(),
                        h.nextValidatorsHash()),
                h -> with(
                        h,
                        h.timeMillis(),
                        h.parent(),
                        other,
                        h.stateRoot(),
                        h.validatorsHash(),
                        h.nextValidatorsHash()),
                h -> with(
                        h, h.timeMillis(), h.parent(), h.receiptsRoot(), h.stateRoot(), other, h.nextValidatorsHash()),
                h -> with(h, h.timeMillis(), h.parent(), h.receiptsRoot(), h.stateRoot(), h.validatorsHash(), other),
                h -> absent(h, List.of(2)),
                h -> at(h, genesis.timeMillis()),
                h -> at(h, NOW + 1_501),
                h -> at(h, NOW - 4_001));
        for (UnaryOperator<Header> wrong : wrongs) {
            sent.clear();
            participant = participant(new MemoryConsensusLog());
            propose(wrong);
            assertThat(ownPrevote()).contains(Optional.empty());
        }
    }

    @Test
    void prevotesAtBothEdgesOfTheTimeThatAProposalMayHave() {
        for (long time : new long[] {NOW + 1_500, NOW - 4_000}) {
            sent.clear();
            participant = participant(new MemoryConsensusLog());
            Block block = propose(h -> at(h, time));
            assertThat(ownPrevote()).contains(Optional.of(block.id()));
        }
    }

    @Test
    void prevotesNilForABlockThatTheApplicationRefuses() {
        propose(header -> header, "poison");
        assertThat(ownPrevote()).contains(Optional.empty());
    }

    @Test
    void asksTheProposerForBatchesThatItLacks() {
        participant.start();
        Block honest = chain.propose(NOW, "tx");
        Bytes digest = context().proposalDigest(0, -1, honest.id());
        participant.deliver(
                TestKeys.nodeId(0),
                new Message.Proposed(new Proposal(
                        0, 0, honest.outline(), Optional.empty(), TestKeys.sign(TestKeys.voteKey(0), digest))));
        assertThat(sent).contains(new Message.BatchRequest(honest.outline().batches()));
        assertThat(ownVotes(VoteType.PREVOTE)).isEmpty();
        participant.deliver(TestKeys.nodeId(1), new Message.Batches(honest.batches()));
        assertThat(ownPrevote()).contains(Optional.of(honest.id()));
    }

    @Test
    void aBatchThatABlockNamesComesInWhateverItHolds() {
        participant.start();
        Block block = chain.propose(NOW, "bad");
        assertThat(participant.admit(new Message.Batches(block.batches()))).isEqualTo(new Message.Batches(List.of()));
        Bytes digest = context().proposalDigest(0, -1, block.id());
        participant.deliver(
                TestKeys.nodeId(0),
                new Message.Proposed(new Proposal(
                        0, 0, block.outline(), Optional.empty(), TestKeys.sign(TestKeys.voteKey(0), digest))));
        participant.deliver(TestKeys.nodeId(1), participant.admit(new Message.Batches(block.batches())));
        assertThat(ownPrevote()).contains(Optional.of(block.id()));
        assertThat(participant.admit(new Message.Batches(block.batches()))).isEqualTo(new Message.Batches(List.of()));
    }

    @Test
    void haltsWhenTwoThirdsDecideWhatDoesNotHoldHere() {
        Block block = propose(h -> with(
                h,
                h.timeMillis(),
                h.parent(),
                h.receiptsRoot(),
                Bytes.zeros(32),
                h.validatorsHash(),
                h.nextValidatorsHash()));
        deliver(VoteType.PRECOMMIT, block, 1, 2, 4);
        assertThat(participant.halted()).isPresent();
        assertThat(participant.tail().height()).isZero();
        int before = sent.size();
        deliver(VoteType.PREVOTE, block, 1);
        assertThat(sent).hasSize(before);
    }

    @Test
    void haltsWithoutSendingWhatItCouldNotLog() {
        participant = participant(new ConsensusLog() {
            @Override
            public void append(LogRecord record, boolean sync) {
                throw new IllegalStateException("the disk is full");
            }

            @Override
            public List<LogRecord> replay() {
                return List.of();
            }

            @Override
            public void forgetBelow(long height) {
                // nothing is kept
            }
        });
        Block block = propose(header -> header);
        deliver(VoteType.PREVOTE, block, 1, 2);
        assertThat(ownVotes(VoteType.PREVOTE)).hasSize(1);
        assertThat(ownVotes(VoteType.PRECOMMIT)).isEmpty();
        assertThat(participant.halted().orElseThrow()).contains("disk is full");
    }

    @Test
    void signsNothingWhereRecordsWereCutOutOfTheLog() {
        participant = participant(new MemoryConsensusLog() {
            @Override
            public long silentThrough() {
                return 1;
            }
        });
        propose(header -> header);
        assertThat(ownVotes(VoteType.PREVOTE)).isEmpty();
        assertThat(participant.halted()).isEmpty();
    }

    @Test
    void everyPrecommitThatLeavesIsInTheLog() {
        Block block = propose(header -> header);
        deliver(VoteType.PREVOTE, block, 1, 2);
        assertThat(ownVotes(VoteType.PRECOMMIT)).hasSize(1);
        assertThat(log.replay()).singleElement().isInstanceOfSatisfying(LogRecord.Locked.class, locked -> {
            assertThat(locked.precommit().blockId()).contains(block.id());
            assertThat(locked.block()).contains(block);
        });
    }

    @Test
    void aRestartedNodeVotesForNothingUntilItsNewKeyIsSeated() {
        Block first = propose(header -> header, "tx");
        deliver(VoteType.PREVOTE, first, 1, 2);
        sent.clear();
        participant = participant(log, 2);
        participant.start();
        Block again = proposeNext(header -> header, "tx");
        deliver(VoteType.PREVOTE, again, 1, 2, 4);
        deliver(VoteType.PRECOMMIT, again, 1, 2, 4);
        assertThat(ownVotes(VoteType.PREVOTE)).isEmpty();
        assertThat(ownVotes(VoteType.PRECOMMIT)).isEmpty();
        assertThat(participant.tail().height()).isEqualTo(1); // it follows all the same
    }

    @Test
    void aRestartedNodeVotesAgainTwoHeightsAfterItsRekey() {
        participant = participant(log, 2);
        participant.start();
        decide(boot.rekey(3));
        decide("height 2");
        assertThat(ownVotes(VoteType.PREVOTE)).isEmpty();
        participant.fire(new Timer.Latest(3)); // its own turn
        assertThat(ownVotes(VoteType.PREVOTE)).singleElement().satisfies(vote -> {
            assertThat(vote.height()).isEqualTo(3);
            assertThat(vote.blockId()).isPresent();
            assertThat(vote.isGenuine("one", context().validators(), TestKeys.CHECK))
                    .isTrue();
            assertThat(vote.isGenuine("one", VALIDATORS, TestKeys.CHECK)).isFalse();
        });
    }

    /** Slots 1, 2 and 4 decide a block with a transaction. */
    private void decide(String transaction) {
        Block block = proposeNext(header -> header, transaction);
        deliver(VoteType.PRECOMMIT, block, 1, 2, 4);
        chain.take(block);
        assertThat(participant.replica().height()).isEqualTo(block.height() + 1);
    }

    @Test
    void aDecidedBlockThatHadNotReachedTheStoreIsTakenFromTheLog() {
        Block block = propose(header -> header, "tx");
        deliver(VoteType.PREVOTE, block, 1, 2);
        deliver(VoteType.PRECOMMIT, block, 1, 2);
        assertThat(store.height()).isZero();
        participant = participant(log, 2);
        participant.start();
        assertThat(store.height()).isEqualTo(1);
        assertThat(participant.replica().height()).isEqualTo(2);
        assertThat(application.root()).isEqualTo(block.header().stateRoot());
    }

    @Test
    void aRestartedNodeStatesThePolkaThatItsLogHolds() {
        Block block = propose(header -> header, "tx");
        deliver(VoteType.PREVOTE, block, 1, 2);
        participant = participant(log, 2);
        participant.start();
        stall();
        assertThat(statements).singleElement().satisfies(statement -> {
            assertThat(statement.recovery()).isEqualTo(1);
            assertThat(statement.claim().bootCounter()).isEqualTo(2);
            assertThat(statement.base()).isEmpty();
            HeldPolka polka = statement.polka().orElseThrow();
            assertThat(polka.header()).isEqualTo(block.header());
            assertThat(polka.proves(VALIDATORS, TestKeys.CHECK)).isTrue();
        });
        participant.stated(statements.getFirst());
        assertThat(sent).contains(new Message.Statements(statements));
        assertThat(log.replay()).contains(new LogRecord.Stated(1, statements.getFirst()));
    }

    /** Nothing is decided for so long that something must be wrong, although the others are heard of. */
    private void stall() {
        millis += 60_000;
        for (int index : new int[] {0, 1, 3}) {
            participant.deliver(
                    TestKeys.nodeId(index),
                    new Message.Status(0, 1, 0, Step.PROPOSE, false, Optional.empty(), List.of()));
        }
        participant.fire(new Timer.Tick());
    }

    @Test
    void aPromiseOutlivesTheBoot() {
        participant = participant(log, 2);
        participant.start();
        stall();
        participant.stated(statements.getFirst());
        participant = participant(log, 3);
        participant.start();
        assertThat(participant.replica().promised()).isEqualTo(1);
        statements.clear();
        stall();
        assertThat(statements)
                .singleElement()
                .satisfies(it -> assertThat(it.recovery()).isEqualTo(2));
    }

    @Test
    void proposesAnEmptyBlockWhenTheApplicationCannotExecuteWhatWaits() {
        participant.start();
        pool.add(Bytes.utf8("poison"));
        participant.transactionsPending();
        for (int slot : new int[] {1, 2}) { // slot 3 proposes in round 2
            deliver(vote(VoteType.PREVOTE, 2, Optional.empty(), slot));
        }
        assertThat(sent)
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                Message.Proposed.class,
                                proposed -> assertThat(
                                                proposed.proposal().outline().batches())
                                        .isEmpty()));
        assertThat(participant.halted()).isEmpty();
    }

    @Test
    void lastsThroughARoundInWhichTheApplicationTakesNoBlockAtAll() {
        participant.start();
        application.refusing = true;
        for (int slot : new int[] {1, 2}) { // slot 3 proposes in round 2
            deliver(vote(VoteType.PREVOTE, 2, Optional.empty(), slot));
        }
        assertThat(sent).noneMatch(Message.Proposed.class::isInstance);
        assertThat(participant.halted()).isEmpty();
    }

    @Test
    void whatWasSubmittedGoesOutInBatches() {
        participant.start();
        pool.add(Bytes.utf8("one"));
        pool.add(Bytes.utf8("two"));
        participant.transactionsPending();
        assertThat(sent)
                .contains(new Message.Batches(List.of(new Batch(List.of(Bytes.utf8("one"), Bytes.utf8("two"))))));
        assertThat(participant.data().size()).isEqualTo(1);
    }

    @Test
    void anExtensionGoesWithThePrecommitAndStandsInTheNextBlocksCommit() {
        participant.start();
        application.extension = Bytes.utf8("ext of slot 3");
        Block block = proposeNext(header -> header, "tx");
        deliver(VoteType.PREVOTE, block, 1, 2);
        Vote own = ownVotes(VoteType.PRECOMMIT).findFirst().orElseThrow();
        assertThat(own.extension().orElseThrow().data()).isEqualTo(Bytes.utf8("ext of slot 3"));
        assertThat(own.isGenuine("one", VALIDATORS, TestKeys.CHECK)).isTrue();
        deliver(extended(block, 1, "ext of slot 1"));
        deliver(VoteType.PRECOMMIT, block, 2);
        assertThat(participant.replica().height()).isEqualTo(2);
        participant.fire(new Timer.Latest(2));
        int own3 = ownRound();
        for (int slot : new int[] {1, 2}) {
            deliver(vote(VoteType.PREVOTE, own3, Optional.empty(), slot));
        }
        Outline proposed = sent.stream()
                .filter(Message.Proposed.class::isInstance)
                .map(it -> ((Message.Proposed) it).proposal().outline())
                .findFirst()
                .orElseThrow();
        Commit commit = proposed.lastCommit().orElseThrow();
        assertThat(commit.extensions()).extracting(Commit.OfSlot::slot).containsExactly(1, 3);
        assertThat(commit.flaw(block.header(), VALIDATORS, TestKeys.CHECK)).isEmpty();
        assertThat(proposed.isIntact()).isTrue();
    }

    /** The first round of the height in which slot 3 proposes. */
    private int ownRound() {
        int round = 0;
        while (context().proposer(round).slot() != 3) {
            round++;
        }
        return round;
    }

    private Vote extended(Block block, int slot, String text) {
        Vote plain = vote(VoteType.PRECOMMIT, 0, Optional.of(block.id()), slot);
        Bytes data = Bytes.utf8(text);
        Bytes signature = TestKeys.sign(TestKeys.voteKey(slot - 1), plain.extensionDigest("one", data));
        return new Vote(
                plain.type(),
                0,
                plain.height(),
                0,
                plain.blockId(),
                -1,
                slot,
                Optional.of(new Extension(data, signature)),
                plain.signature());
    }

    @Test
    void aPrecommitWithAnExtensionThatTheApplicationDoesNotTakeCountsForNothing() {
        Block block = propose(header -> header, "tx");
        deliver(VoteType.PREVOTE, block, 1, 2);
        deliver(extended(block, 1, "no extension"));
        deliver(VoteType.PRECOMMIT, block, 2);
        assertThat(participant.tail().height()).isZero();
        assertThat(participant.scores().points()).containsEntry(TestKeys.nodeId(0), 20);
        deliver(extended(block, 4, "ext of slot 4"));
        assertThat(participant.tail().height()).isEqualTo(1);
    }

    @Test
    void servesDecidedBlocks() {
        Block block = propose(header -> header, "tx");
        deliver(VoteType.PREVOTE, block, 1, 2);
        deliver(VoteType.PRECOMMIT, block, 1, 2);
        for (boolean stored : new boolean[] {false, true}) {
            sent.clear();
            participant.deliver(TestKeys.nodeId(0), new Message.BlockRequest(1));
            assertThat(sent).singleElement().isInstanceOfSatisfying(Message.Blocks.class, blocks -> {
                CertifiedBlock served = blocks.blocks().getFirst();
                assertThat(served.block()).isEqualTo(block);
                assertThat(served.certificate().flaw(block.header(), VALIDATORS, TestKeys.CHECK))
                        .isEmpty();
            });
            if (!stored) {
                storeAll();
            }
        }
    }

    @Test
    void servesNoMoreBlocksThanAMessageHolds() {
        store.open(genesis);
        for (int epoch = 1; epoch <= 32; epoch++) { // each opened by long statements
            chain.open(longOpening(epoch));
            StoreTail.Entry entry = chain.next();
            store.commit(entry.block(), entry.changes(), entry.nextValidators());
        }
        participant.start();
        participant.deliver(TestKeys.nodeId(0), new Message.BlockRequest(1));
        Message.Blocks served = sent.stream()
                .filter(Message.Blocks.class::isInstance)
                .map(Message.Blocks.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(served.blocks()).isNotEmpty();
        assertThat(MessageCodec.encode(served).length()).isLessThanOrEqualTo(MessageCodec.MAX_BYTES);
    }

    private Opening longOpening(int epoch) {
        Bytes evidence = Bytes.zeros(Limits.EVIDENCE_BYTES);
        Optional<CertifiedHeader> base = chain.parent()
                .header()
                .map(it -> new CertifiedHeader(
                        it, chain.parent().commit().orElseThrow().certificate(), List.of()));
        Statement[] statements = new Statement[4];
        for (int i = 0; i < 4; i++) {
            KeyClaim claim =
                    Statement.claim("one", 0, epoch, i + 1, TestKeys.voteKey(i), 1, evidence, base, Optional.empty());
            statements[i] =
                    new Statement(TestStatements.signed(claim, TestKeys.nodeId(i)), evidence, base, Optional.empty());
        }
        return TestStatements.opening(4, statements);
    }

    @Test
    void doesNotListenToAPeerThatKeepsForging() {
        participant.start();
        Bytes forger = TestKeys.nodeId(0);
        for (int i = 0; i < 10; i++) {
            Vote forged =
                    new Vote(VoteType.PREVOTE, 0, 1, i, Optional.empty(), -1, 2, Optional.empty(), Bytes.zeros(65));
            participant.deliver(forger, new Message.Votes(List.of(forged)));
        }
        assertThat(participant.scores().isMuted(forger)).isTrue();
        participant.malformed(TestKeys.nodeId(1));
        assertThat(participant.scores().points()).containsEntry(TestKeys.nodeId(1), 20);
    }

    @Test
    void showsEvidenceThatItFoundAndScoresWhoShowsNone() {
        Block block = propose(header -> header, "tx");
        deliver(VoteType.PREVOTE, block, 1);
        deliver(vote(VoteType.PREVOTE, 0, Optional.empty(), 1));
        assertThat(participant.evidence())
                .singleElement()
                .satisfies(it -> assertThat(it.slot()).isEqualTo(1));
        participant.fire(new Timer.Tick());
        assertThat(sent).contains(new Message.Misbehaviour(participant.evidence()));
        Vote one = vote(VoteType.PREVOTE, 0, Optional.empty(), 2);
        participant.deliver(TestKeys.nodeId(3), new Message.Misbehaviour(List.of(new Evidence.DoubleVote(one, one))));
        assertThat(participant.scores().points()).containsKey(TestKeys.nodeId(3));
        assertThat(participant.evidence()).hasSize(1);
    }
}
