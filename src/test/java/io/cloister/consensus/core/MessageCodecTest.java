package io.cloister.consensus.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Writer;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Limits;
import io.cloister.consensus.VoteType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        Bytes bytes = Bytes.concat(Bytes.of((byte) 1, (byte) Math.floorMod(kind, 9)), Bytes.of(noise));
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
        writer.u8(1).u64(4).u32(Limits.ROUND + 1L).bool(false).u16(1).fixed(Bytes.zeros(65));
        assertThatThrownBy(() -> MessageCodec.decode(writer.toBytes()))
                .isInstanceOfSatisfying(
                        CodecException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUT_OF_RANGE));
    }

    @Example
    void aFullBlockFitsAMessage() {
        List<Bytes> transactions = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            transactions.add(Bytes.zeros(Limits.TRANSACTION_BYTES));
        }
        transactions.add(Bytes.zeros(Limits.TRANSACTION_BYTES - 16 * Integer.BYTES));
        Block block = new Block(committee.block(1).header(), transactions);
        assertThat(Block.bytesOf(transactions)).isEqualTo(Limits.BLOCK_BYTES);
        List<CommitSignature> signatures = new ArrayList<>();
        for (int slot = 1; slot <= Limits.VALIDATORS; slot++) {
            signatures.add(new CommitSignature(slot, Bytes.zeros(65)));
        }
        Proposal proposal = new Proposal(1, block, Optional.of(new Polka(0, block.id(), signatures)), Bytes.zeros(65));
        Bytes bytes = MessageCodec.encode(new Message.Proposed(proposal));
        assertThat(bytes.length()).isLessThanOrEqualTo(MessageCodec.MAX_BYTES);
        assertThat(MessageCodec.decode(bytes)).isEqualTo(new Message.Proposed(proposal));
        assertThatThrownBy(() -> new Block(block.header(), concat(transactions, Bytes.zeros(1))))
                .isInstanceOf(CodecException.class);
    }

    private static List<Bytes> concat(List<Bytes> list, Bytes more) {
        List<Bytes> all = new ArrayList<>(list);
        all.add(more);
        return all;
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
        Arbitrary<Message> transactions = Arbitraries.strings()
                .ofMaxLength(30)
                .list()
                .ofMaxSize(4)
                .map(texts ->
                        new Message.Transactions(texts.stream().map(Bytes::utf8).toList()));
        return Arbitraries.oneOf(votes, proposed, status, request, blocks, transactions);
    }

    private CertifiedBlock certified(int number) {
        Block block = committee.block(number);
        List<CommitSignature> signatures = List.of(
                new CommitSignature(1, committee.precommit(0, block, 1).signature()),
                new CommitSignature(3, committee.precommit(0, block, 3).signature()));
        return new CertifiedBlock(block, new Certificate(4, 0, block.id(), signatures));
    }

    private Arbitrary<Vote> votes() {
        return Combinators.combine(
                        Arbitraries.of(VoteType.class),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 4))
                .as((type, round, number, slot) -> committee.vote(
                        type,
                        round,
                        number == 0
                                ? Optional.empty()
                                : Optional.of(committee.block(number).id()),
                        slot));
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
        Arbitrary<LogRecord> proposed = proposals().map(LogRecord.Proposed::new);
        Arbitrary<LogRecord> voted = votes().map(LogRecord.Voted::new);
        Arbitrary<LogRecord> others = Combinators.combine(
                        Arbitraries.integers().between(0, 5), Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as((round, withBody, lock) -> {
                    Block block = committee.block(round);
                    Optional<Block> body = withBody ? Optional.of(block) : Optional.empty();
                    Polka polka = committee.polka(round, block, 1, 2, 3);
                    return lock
                            ? new LogRecord.Locked(committee.precommit(round, block, 2), polka, body)
                            : new LogRecord.Valued(4, polka, body);
                });
        return Arbitraries.oneOf(proposed, voted, others);
    }
}
