package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Change;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.HeightContext;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Replica;
import io.cloister.consensus.core.Vote;
import io.cloister.consensus.store.ConsensusLog;
import io.cloister.consensus.store.MemoryConsensusLog;
import io.cloister.consensus.store.MemoryConsensusStore;
import io.cloister.crypto.MerkleTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
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
    private final TestApplication application = new TestApplication();
    private final TransactionPool pool = new TransactionPool(application, PoolLimits.DEFAULT);
    private final List<Message> sent = new ArrayList<>();
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
        EngineSettings settings = EngineSettings.DEFAULT;
        Bytes key = TestKeys.voteKey(2);
        return new Participant(
                new Participant.Surroundings(
                        genesis,
                        TestKeys.nodeId(2),
                        digest -> TestKeys.sign(key, digest),
                        TestKeys.CHECK,
                        application,
                        store,
                        over,
                        pool,
                        outbox,
                        (timer, delay) -> {},
                        Runnable::run,
                        () -> NOW),
                settings,
                new Replica(new Replica.Config(
                        "one",
                        TestKeys.nodeId(2),
                        key,
                        settings.proposerRule(),
                        settings.timeouts(),
                        settings.pace(),
                        TestKeys.CHECK)));
    }

    /** The block that an honest proposer of height 1, slot 2, would make. */
    private Header honest(List<Bytes> transactions) {
        TestApplication copy = new TestApplication();
        copy.restore(genesis.state(), Optional.empty());
        Execution execution;
        try {
            execution = copy.execute(
                    new BlockContext(1, NOW, TestKeys.nodeId(1), genesis.id(), genesis.id()), transactions);
        } catch (InvalidBlock e) {
            execution = new Execution(Bytes.zeros(32), Bytes.zeros(32), List.<Change>of(), VALIDATORS, "");
        }
        return new Header(
                "one",
                0,
                1,
                NOW,
                genesis.id(),
                MerkleTree.root(transactions),
                execution.receiptsRoot(),
                execution.stateRoot(),
                VALIDATORS.hash(),
                execution.nextValidators().hash(),
                TestKeys.nodeId(1));
    }

    private HeightContext context() {
        return participant.replica().context();
    }

    private Block propose(List<Bytes> transactions, UnaryOperator<Header> change) {
        participant.start();
        Block block = new Block(change.apply(honest(transactions)), transactions);
        Bytes digest = context().proposalDigest(0, -1, block.id());
        participant.deliver(
                TestKeys.nodeId(1),
                new Message.Proposed(
                        new Proposal(0, block, Optional.empty(), TestKeys.sign(TestKeys.voteKey(1), digest))));
        return block;
    }

    private Vote vote(VoteType type, Block block, int slot) {
        Bytes digest = context().voteDigest(type, 0, Optional.of(block.id()));
        return new Vote(type, 1, 0, Optional.of(block.id()), slot, TestKeys.sign(TestKeys.voteKey(slot - 1), digest));
    }

    private void deliver(VoteType type, Block block, int... slots) {
        for (int slot : slots) {
            participant.deliver(TestKeys.nodeId(slot - 1), new Message.Votes(List.of(vote(type, block, slot))));
        }
    }

    private Optional<Optional<Bytes>> ownPrevote() {
        return sent.stream()
                .filter(Message.Votes.class::isInstance)
                .flatMap(message -> ((Message.Votes) message).votes().stream())
                .filter(vote -> vote.slot() == 3 && vote.type() == VoteType.PREVOTE)
                .map(Vote::blockId)
                .findFirst();
    }

    private static Header with(
            Header h, long time, Bytes parent, Bytes receipts, Bytes state, Bytes validators, Bytes next) {
        return new Header(
                h.chainId(),
                h.epoch(),
                h.height(),
                time,
                parent,
                h.transactionsRoot(),
                receipts,
                state,
                validators,
                next,
                h.proposer());
    }

    private static Header at(Header h, long time) {
        return with(h, time, h.parent(), h.receiptsRoot(), h.stateRoot(), h.validatorsHash(), h.nextValidatorsHash());
    }

    private static Header states(Header h, Bytes state) {
        return with(h, h.timeMillis(), h.parent(), h.receiptsRoot(), state, h.validatorsHash(), h.nextValidatorsHash());
    }

    @Test
    void tellsOfADecisionBeforeItIsStored() {
        List<String> told = new ArrayList<>();
        participant.onDecided(decided -> told.add(decided.height() + " with " + store.height() + " stored"));
        Block block = propose(List.of(Bytes.utf8("a")), UnaryOperator.identity());
        deliver(VoteType.PREVOTE, block, 1, 2, 4);
        deliver(VoteType.PRECOMMIT, block, 1, 2, 4);
        assertThat(told).containsExactly("1 with 0 stored");
        assertThat(store.height()).isEqualTo(1);
    }

    @Test
    void prevotesAndCommitsABlockWhoseRootsItFindsToo() {
        Block block = propose(List.of(Bytes.utf8("tx")), header -> header);
        assertThat(ownPrevote()).contains(Optional.of(block.id()));
        deliver(VoteType.PREVOTE, block, 1, 2);
        deliver(VoteType.PRECOMMIT, block, 1, 2);
        assertThat(store.height()).isEqualTo(1);
        assertThat(application.root()).isEqualTo(block.header().stateRoot());
        assertThat(TestApplication.root(store.state())).isEqualTo(block.header().stateRoot());
        assertThat(participant.replica().height()).isEqualTo(2);
        assertThat(participant.halted()).isEmpty();
    }

    @Test
    void prevotesNilForWhateverIsWrongInTheHeader() {
        Bytes other = Bytes.zeros(32);
        List<UnaryOperator<Header>> wrongs = List.of(
                h -> states(h, other),
                h -> with(
                        h,
                        h.timeMillis(),
                        h.parent(),
                        other,
                        h.stateRoot(),
                        h.validatorsHash(),
                        h.nextValidatorsHash()),
                h -> with(
                        h,
                        h.timeMillis(),
                        other,
                        h.receiptsRoot(),
                        h.stateRoot(),
                        h.validatorsHash(),
                        h.nextValidatorsHash()),
                h -> with(
                        h, h.timeMillis(), h.parent(), h.receiptsRoot(), h.stateRoot(), other, h.nextValidatorsHash()),
                h -> with(h, h.timeMillis(), h.parent(), h.receiptsRoot(), h.stateRoot(), h.validatorsHash(), other),
                h -> at(h, genesis.timeMillis()),
                h -> at(h, NOW + 10_001),
                h -> at(h, NOW - 10_001));
        for (UnaryOperator<Header> wrong : wrongs) {
            sent.clear();
            participant = participant(new MemoryConsensusLog());
            propose(List.of(), wrong);
            assertThat(ownPrevote()).contains(Optional.empty());
        }
    }

    @Test
    void prevotesAtTheEdgeOfTheClockDrift() {
        Block block = propose(List.of(), h -> at(h, NOW + 10_000));
        assertThat(ownPrevote()).contains(Optional.of(block.id()));
    }

    @Test
    void prevotesNilForABlockThatTheApplicationRefuses() {
        propose(List.of(Bytes.utf8("poison")), header -> header);
        assertThat(ownPrevote()).contains(Optional.empty());
    }

    @Test
    void haltsWhenTwoThirdsDecideWhatDoesNotHoldHere() {
        Block block = propose(List.of(), header -> states(header, Bytes.zeros(32)));
        deliver(VoteType.PRECOMMIT, block, 1, 2, 4);
        assertThat(participant.halted()).isPresent();
        assertThat(store.height()).isZero();
        int before = sent.size();
        deliver(VoteType.PREVOTE, block, 1);
        assertThat(sent).hasSize(before);
    }

    @Test
    void haltsWithoutSendingWhatItCouldNotLog() {
        participant = participant(new ConsensusLog() {
            @Override
            public void append(LogRecord record) {
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
        propose(List.of(), header -> header);
        assertThat(ownPrevote()).isEmpty();
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
        propose(List.of(), header -> header);
        assertThat(ownPrevote()).isEmpty();
        assertThat(participant.halted()).isEmpty();
    }

    @Test
    void aRestartVotesTheSameAgainAndNothingElse() {
        Block first = propose(List.of(Bytes.utf8("tx")), header -> header);
        sent.clear();
        participant = participant(log);
        Block second = propose(List.of(), header -> header);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(ownPrevote()).contains(Optional.of(first.id()));
        deliver(VoteType.PREVOTE, second, 1, 2, 4);
        assertThat(sent).allSatisfy(message -> {
            if (message instanceof Message.Votes votes) {
                assertThat(votes.votes())
                        .filteredOn(vote -> vote.slot() == 3 && vote.type() == VoteType.PREVOTE)
                        .allSatisfy(vote -> assertThat(vote.blockId()).contains(first.id()));
            }
        });
    }

    @Test
    void proposesAnEmptyBlockWhenTheApplicationCannotExecuteWhatWaits() {
        pool.add(Bytes.utf8("poison"), true);
        participant.start();
        for (int slot : new int[] {1, 2}) { // slot 3 proposes in round 1
            Bytes digest = context().voteDigest(VoteType.PREVOTE, 1, Optional.empty());
            Vote vote = new Vote(
                    VoteType.PREVOTE, 1, 1, Optional.empty(), slot, TestKeys.sign(TestKeys.voteKey(slot - 1), digest));
            participant.deliver(TestKeys.nodeId(slot - 1), new Message.Votes(List.of(vote)));
        }
        assertThat(sent)
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                Message.Proposed.class,
                                proposed -> assertThat(
                                                proposed.proposal().block().transactions())
                                        .isEmpty()));
        assertThat(participant.halted()).isEmpty();
    }

    @Test
    void servesDecidedBlocks() {
        Block block = propose(List.of(Bytes.utf8("tx")), header -> header);
        deliver(VoteType.PREVOTE, block, 1, 2);
        deliver(VoteType.PRECOMMIT, block, 1, 2);
        sent.clear();
        participant.deliver(TestKeys.nodeId(0), new Message.BlockRequest(1));
        assertThat(sent).singleElement().isInstanceOfSatisfying(Message.Blocks.class, blocks -> {
            CertifiedBlock served = blocks.blocks().getFirst();
            assertThat(served.block()).isEqualTo(block);
            assertThat(served.certificate().flaw(block.header(), VALIDATORS, TestKeys.CHECK))
                    .isEmpty();
        });
    }

    @Test
    void doesNotListenToAPeerThatKeepsForging() {
        participant.start();
        Bytes forger = TestKeys.nodeId(0);
        for (int i = 0; i < 10; i++) {
            Vote forged = new Vote(VoteType.PREVOTE, 1, i, Optional.empty(), 2, Bytes.zeros(65));
            participant.deliver(forger, new Message.Votes(List.of(forged)));
        }
        assertThat(participant.scores().isMuted(forger)).isTrue();
        participant.malformed(TestKeys.nodeId(1));
        assertThat(participant.scores().points()).containsEntry(TestKeys.nodeId(1), 20);
    }
}
