package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Writer;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.PrevoteSignature;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MessageCodecTest {
    private final Committee committee = Committee.ofFour();

    @Property(tries = 300)
    void readsBackWhatItWrote(@ForAll("messages") Message message) {
        assertThat(MessageCodec.decode(MessageCodec.encode(message))).isEqualTo(message);
    }

    @Property(tries = 500)
    void anyChangeIsAnotherMessageOrRefused(
            @ForAll("messages") Message message, @ForAll int place, @ForAll byte change) {
        byte[] bytes = MessageCodec.encode(message).toArray();
        int at = Math.floorMod(place, bytes.length);
        bytes[at] ^= (byte) (change == 0 ? 1 : change);
        try {
            assertThat(MessageCodec.decode(Bytes.of(bytes))).isNotEqualTo(message);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @Property(tries = 300)
    void aCutMessageIsRefused(@ForAll("messages") Message message, @ForAll int cut) {
        Bytes bytes = MessageCodec.encode(message);
        Bytes part = bytes.slice(0, Math.floorMod(cut, bytes.length()));
        assertThatThrownBy(() -> MessageCodec.decode(part)).isInstanceOf(CodecException.class);
    }

    @Property(tries = 2_000)
    void noBytesDoMoreThanBeRefused(@ForAll byte[] noise, @ForAll int kind) {
        Bytes bytes = Bytes.concat(Bytes.of((byte) 1, (byte) Math.floorMod(kind, 13)), Bytes.of(noise));
        try {
            assertThat(MessageCodec.encode(MessageCodec.decode(bytes))).isEqualTo(bytes);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @Property(tries = 200)
    void logRecordsReadBack(@ForAll("records") LogRecord record) {
        assertThat(LogRecord.decode(record.encode())).isEqualTo(record);
    }

    @Example
    void bytesBehindAMessageAreRefused() {
        Bytes bytes = MessageCodec.encode(new Message.BlockRequest(7));
        assertThatThrownBy(() -> MessageCodec.decode(Bytes.concat(bytes, Bytes.zeros(1))))
                .isInstanceOfSatisfying(
                        CodecException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TRAILING));
    }

    @Example
    void moreVotesThanAllowedAreRefused() {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i <= MessageCodec.MAX_VOTES; i++) {
            votes.add(committee.prevoteNil(i, 1));
        }
        Bytes bytes = MessageCodec.encode(new Message.Votes(votes));
        assertThatThrownBy(() -> MessageCodec.decode(bytes))
                .isInstanceOfSatisfying(
                        CodecException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG));
    }

    @Example
    void aProposalWhoseValidRoundIsNotBeforeItsRoundIsRefused() {
        Block block = committee.block(1);
        assertThatThrownBy(() -> committee.proposal(2, block, Optional.of(committee.polka(2, block, 1, 2, 3))))
                .isInstanceOf(CodecException.class);
    }

    @Example
    void aRoundBeyondTheLimitIsRefused() {
        Writer writer = new Writer().u8(1).u8(2).u32(1);
        writer.u8(1)
                .u64(0)
                .u64(4)
                .u32(Limits.ROUND + 1L)
                .bool(false)
                .u32(0)
                .u16(1)
                .bool(false)
                .fixed(Bytes.zeros(65));
        assertThatThrownBy(() -> MessageCodec.decode(writer.toBytes()))
                .isInstanceOfSatisfying(
                        CodecException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUT_OF_RANGE));
    }

    @Example
    void aFullBlockFitsAMessageWithEverythingAroundIt() {
        List<Bytes> transactions = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            transactions.add(Bytes.zeros(Limits.TRANSACTION_BYTES));
        }
        transactions.add(Bytes.zeros(Limits.TRANSACTION_BYTES - 16 * Integer.BYTES));
        Block full = committee.block(0, 1, List.of(new Batch(transactions)));
        assertThat(full.bytes()).isEqualTo(Limits.BLOCK_BYTES);
        Bytes bytes = MessageCodec.encode(new Message.Body(full));
        assertThat(bytes.length()).isLessThanOrEqualTo(MessageCodec.MAX_BYTES);
        assertThat(MessageCodec.decode(bytes)).isEqualTo(new Message.Body(full));
        Batch one = new Batch(List.of(Bytes.zeros(1)));
        List<Batch> more = List.of(full.batches().getFirst(), one);
        assertThatThrownBy(() -> committee.block(0, 1, more)).isInstanceOf(CodecException.class);
    }

    @Example
    void aProposalOfTheMostBatchesFitsAMessage() {
        List<Bytes> digests = new ArrayList<>();
        for (int i = 0; i < Limits.BLOCK_BATCHES; i++) {
            digests.add(Hashes.sha256(new Writer().u32(i).toBytes()));
        }
        Block block = committee.block(1);
        List<PrevoteSignature> signatures = new ArrayList<>();
        for (int slot = 1; slot <= Limits.VALIDATORS; slot++) {
            signatures.add(new PrevoteSignature(slot, -1, Bytes.zeros(65)));
        }
        Outline outline = new Outline(block.header(), block.lastCommit(), Optional.empty(), digests);
        Proposal proposal =
                new Proposal(0, 1, outline, Optional.of(new Polka(0, block.id(), signatures)), Bytes.zeros(65));
        Bytes bytes = MessageCodec.encode(new Message.Proposed(proposal));
        assertThat(bytes.length()).isLessThanOrEqualTo(MessageCodec.MAX_BYTES);
        assertThat(MessageCodec.decode(bytes)).isEqualTo(new Message.Proposed(proposal));
    }

    @Example
    void aBatchThatStandsTwiceInAProposalIsRefused() {
        Bytes digest = Hashes.sha256(Bytes.utf8("batch"));
        Block block = committee.block(1);
        assertThatThrownBy(() ->
                        new Outline(block.header(), block.lastCommit(), Optional.empty(), List.of(digest, digest)))
                .isInstanceOf(CodecException.class);
    }

    @Provide
    Arbitrary<Message> messages() {
        Arbitrary<Message> votes = votes().list().ofMaxSize(5).map(Message.Votes::new);
        Arbitrary<Message> proposed = proposals().map(Message.Proposed::new);
        Arbitrary<Message> status = Combinators.combine(
                        Arbitraries.longs().between(1, Long.MAX_VALUE),
                        Arbitraries.integers().between(0, Limits.ROUND),
                        Arbitraries.of(Step.class),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 200))
                .as((height, round, step, has, bits) -> new Message.Status(
                        height % 7,
                        height,
                        round,
                        step,
                        has,
                        has ? Optional.empty() : Optional.of(Bytes.zeros(32)),
                        List.of(new Message.HeldVotes(round, Bytes.of((byte) (int) bits), Bytes.EMPTY))));
        Arbitrary<Message> request =
                Arbitraries.longs().between(1, Long.MAX_VALUE).map(Message.BlockRequest::new);
        Arbitrary<Message> blocks = Arbitraries.integers()
                .between(0, 50)
                .list()
                .ofMaxSize(3)
                .map(numbers ->
                        new Message.Blocks(numbers.stream().map(this::certified).toList()));
        Arbitrary<Batch> batch = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(30)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(texts -> new Batch(texts.stream().map(Bytes::utf8).toList()));
        Arbitrary<Message> batches = batch.list().ofMaxSize(3).map(Message.Batches::new);
        Arbitrary<Message> wanted = batch.map(Batch::digest).list().ofMaxSize(3).map(Message.BatchRequest::new);
        Arbitrary<Message> body = Arbitraries.integers().between(0, 9).map(it -> new Message.Body(committee.block(it)));
        Arbitrary<Message> statements = statements().list().ofMaxSize(3).map(Message.Statements::new);
        Arbitrary<Message> opened = openings().map(Message.Opened::new);
        Arbitrary<Message> misbehaviour = evidence().list().ofMaxSize(4).map(Message.Misbehaviour::new);
        Arbitrary<Message> snapshots = Arbitraries.integers()
                .between(1, 9)
                .map(it -> new Message.SnapshotRequest(it, it, committee.validators.hash()));
        Arbitrary<Message> offers = Arbitraries.integers().between(0, 3).map(this::offer);
        Arbitrary<Message> parts =
                Arbitraries.integers().between(1, 9).map(it -> new Message.ChunkRequest(it, Bytes.utf8("key " + it)));
        Arbitrary<Message> chunks =
                Arbitraries.integers().between(1, 9).map(it -> new Message.Chunk(it, Bytes.utf8("chunk " + it)));
        return Arbitraries.oneOf(
                snapshots,
                offers,
                parts,
                chunks,
                votes,
                proposed,
                status,
                request,
                blocks,
                batches,
                wanted,
                body,
                Arbitraries.oneOf(statements, opened, misbehaviour));
    }

    private Arbitrary<Statement> statements() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.longs().between(1, 1_000),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false))
                .as((index, recovery, withBase, withPolka) -> statement(index, recovery, withBase, withPolka));
    }

    private Statement statement(int index, long recovery, boolean withBase, boolean withPolka) {
        Committee at = withBase ? committee : new Committee(1, List.of(1L, 1L, 1L, 1L));
        Block block = at.block(3);
        HeldPolka held = new HeldPolka(0, block.header(), at.polka(0, block, 1, 2, 3), List.of());
        return TestStatements.statement(
                Committee.CHAIN,
                recovery,
                index,
                2,
                at.parent.certified(),
                withPolka ? Optional.of(held) : Optional.empty());
    }

    private Arbitrary<Opening> openings() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 1_000),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.of(true, false))
                .as((recovery, size, withPolka) -> TestStatements.opening(
                        4,
                        IntStream.range(0, size)
                                .mapToObj(it -> statement(it, recovery, it > 1, withPolka))
                                .toArray(Statement[]::new)));
    }

    private Arbitrary<Evidence> evidence() {
        Arbitrary<Evidence> votes = Combinators.combine(votes(), votes()).as(Evidence.DoubleVote::new);
        Arbitrary<Evidence> locks = Combinators.combine(votes(), votes()).as(Evidence.ForgottenLock::new);
        Arbitrary<Evidence> proposals = Combinators.combine(proposals(), proposals())
                .as((one, other) -> new Evidence.DoubleProposal(
                        2,
                        one.epoch(),
                        one.height(),
                        one.round(),
                        one.outline().id(),
                        one.validRound(),
                        one.signature(),
                        other.outline().id(),
                        other.validRound(),
                        other.signature()));
        return Arbitraries.oneOf(votes, locks, proposals);
    }

    private CertifiedBlock certified(int number) {
        Block block = committee.block(number);
        List<KeyClaim> keys = number % 2 == 0
                ? List.of()
                : List.of(statement(1, number, false, false).claim());
        return new CertifiedBlock(block, committee.certificate(block, 1, 3), keys);
    }

    private Arbitrary<Vote> votes() {
        return Combinators.combine(
                        Arbitraries.of(VoteType.class),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 4))
                .as(this::vote);
    }

    private Vote vote(VoteType type, int round, int number, int slot) {
        if (number == 0) {
            return committee.vote(type, round, Optional.empty(), slot);
        }
        Block block = committee.block(number);
        if (type == VoteType.PREVOTE) {
            return committee.prevote(round, block, round - 1, slot);
        }
        return number == 1
                ? committee.precommit(round, block, slot)
                : committee.precommit(round, block, slot, Bytes.utf8("extension"));
    }

    private Arbitrary<Proposal> proposals() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(true, false))
                .as((round, number, again) -> {
                    Block block = committee.block(number);
                    return committee.proposal(
                            round,
                            block,
                            again ? Optional.of(committee.polka(round - 1, block, 1, 2, 4)) : Optional.empty());
                });
    }

    @Provide
    Arbitrary<LogRecord> records() {
        Arbitrary<LogRecord> stated = statements().map(it -> new LogRecord.Stated(it.baseHeight() + 1, it));
        Arbitrary<LogRecord> opened = openings().map(it -> new LogRecord.Opened(it.baseHeight() + 1, it));
        Arbitrary<LogRecord> decided = Arbitraries.integers()
                .between(0, 9)
                .map(it -> new LogRecord.Decided(
                        certified(it).certificate(),
                        certified(it).keys(),
                        it > 4 ? Optional.empty() : Optional.of(certified(it).block())));
        Arbitrary<LogRecord> voted = votes().map(LogRecord.Voted::new);
        Arbitrary<LogRecord> others = Combinators.combine(
                        Arbitraries.integers().between(0, 5), Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as((round, withBody, lock) -> {
                    Block block = committee.block(round);
                    Optional<Block> body = withBody ? Optional.of(block) : Optional.empty();
                    Polka polka = committee.polka(round, block, 1, 2, 3);
                    return lock
                            ? new LogRecord.Locked(committee.precommit(round, block, 2), polka, body)
                            : new LogRecord.Valued(0, 8, polka, body);
                });
        return Arbitraries.oneOf(stated, opened, decided, voted, others);
    }

    private Message offer(int links) {
        Block block = committee.block(1);
        CertifiedHeader header = new CertifiedHeader(block.header(), committee.certificate(block, 1, 2, 3), List.of());
        HeaderLink link = new HeaderLink(header, Optional.empty(), Optional.of(committee.validators));
        return new Message.SnapshotOffer(9, Collections.nCopies(links, link));
    }
}
