package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Batch;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.HeaderLink;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Vote;
import io.cloister.consensus.core.Message.BatchRequest;
import io.cloister.consensus.core.Message.Batches;
import io.cloister.consensus.core.Message.BlockRequest;
import io.cloister.consensus.core.Message.Blocks;
import io.cloister.consensus.core.Message.Body;
import io.cloister.consensus.core.Message.Chunk;
import io.cloister.consensus.core.Message.ChunkRequest;
import io.cloister.consensus.core.Message.HeldVotes;
import io.cloister.consensus.core.Message.Misbehaviour;
import io.cloister.consensus.core.Message.Opened;
import io.cloister.consensus.core.Message.Proposed;
import io.cloister.consensus.core.Message.SnapshotOffer;
import io.cloister.consensus.core.Message.SnapshotRequest;
import io.cloister.consensus.core.Message.Statements;
import io.cloister.consensus.core.Message.Status;
import io.cloister.consensus.core.Message.Votes;

/** The wire format of {@link Message}: one byte of version, one of kind, then the fields in order. */
public final class MessageCodec {
    /** No message is longer: a full block, its header, an opening, a polka or certificate, and room to spare. */
    public static final int MAX_BYTES = Limits.BLOCK_BYTES + 2 * 1024 * 1024;

    static final int MAX_VOTES = 256;
    static final int MAX_ROUNDS = 8;
    static final int MAX_BLOCKS = 32;
    static final int MAX_BATCHES = 256;
    static final int MAX_EVIDENCE = 16;

    /** Steps of a light walk in one message. */
    public static final int MAX_LINKS = 16;

    /** Bytes of a part of a state. */
    public static final int MAX_CHUNK = 4 * 1024 * 1024;

    /** Bytes of a key from which on a state is asked for. */
    static final int MAX_KEY = 64 * 1024 + 1;

    private static final int VERSION = 1;
    private static final int BLOCKS = 5;
    private static final int OFFER = 13;
    private static final int CHUNK = 15;
    private static final int BITS_BYTES = Limits.VALIDATORS / 8;

    private MessageCodec() {}

    public static Bytes encode(Message message) {
        Writer writer = new Writer().u8(VERSION);
        switch (message) {
            case Proposed(Proposal proposal) -> proposal.encode(writer.u8(1));
            case Votes votes -> writer.u8(2).list(votes.votes(), (w, vote) -> vote.encode(w));
            case Status status -> encode(writer.u8(3), status);
            case BlockRequest(long from) -> writer.u8(4).u64(from);
            case Blocks blocks -> writer.u8(BLOCKS).list(blocks.blocks(), (w, block) -> block.encode(w));
            case Batches it -> writer.u8(6).list(it.batches(), (w, batch) -> batch.encode(w));
            case BatchRequest it -> writer.u8(7).list(it.digests(), Writer::fixed);
            case Body(Block block) -> block.encode(writer.u8(8));
            case Statements it -> writer.u8(9).list(it.statements(), (w, statement) -> statement.encode(w));
            case Opened(Opening opening) -> opening.encode(writer.u8(10));
            case SnapshotRequest(long from, long epoch, Bytes named) ->
                writer.u8(12).u64(from).u64(epoch).fixed(named);
            case SnapshotOffer offer ->
                writer.u8(OFFER).u64(offer.height()).list(offer.links(), (w, link) -> link.encode(w));
            case ChunkRequest(long height, Bytes from) ->
                writer.u8(14).u64(height).bytes(from);
            case Chunk(long height, Bytes data) -> writer.u8(CHUNK).u64(height).bytes(data);
            case Misbehaviour it -> writer.u8(11).list(it.evidence(), (w, evidence) -> evidence.encode(w));
        }
        return writer.toBytes();
    }

    /** Whether these bytes begin like an answer with blocks or a snapshot, for who asked for none. */
    public static boolean isAnswer(Bytes bytes) {
        return bytes.length() >= 2
                && bytes.at(0) == VERSION
                && (bytes.at(1) == BLOCKS || bytes.at(1) == OFFER || bytes.at(1) == CHUNK);
    }

    /** Whether such an answer is wanted from whom this goes to. */
    public static boolean isAsking(Message message) {
        return message instanceof BlockRequest || message instanceof SnapshotRequest || message instanceof ChunkRequest;
    }

    private static void encode(Writer writer, Status status) {
        writer.u64(status.epoch()).u64(status.height()).u32(status.round());
        writer.u8(status.step().ordinal());
        writer.bool(status.hasProposal()).optional(status.missing(), Writer::fixed);
        writer.list(
                status.held(),
                (w, held) -> w.u32(held.round()).bytes(held.prevotes()).bytes(held.precommits()));
    }

    /** @throws CodecException for anything but the one encoding of a message within its bounds */
    public static Message decode(Bytes bytes) {
        if (bytes.length() > MAX_BYTES) {
            throw new CodecException(Reason.TOO_LONG, "a message of " + bytes.length() + " bytes");
        }
        Reader reader = new Reader(bytes);
        int version = reader.u8();
        if (version != VERSION) {
            throw new CodecException(Reason.UNKNOWN, "version " + version);
        }
        int kind = reader.u8();
        Message message = switch (kind) {
            case 1 -> new Proposed(Proposal.decode(reader));
            case 2 -> new Votes(reader.list(MAX_VOTES, Vote::decode));
            case 3 -> status(reader);
            case 4 -> new BlockRequest(height(reader));
            case BLOCKS -> new Blocks(reader.list(MAX_BLOCKS, CertifiedBlock::decode));
            case 6 -> new Batches(reader.list(MAX_BATCHES, Batch::decode));
            case 7 -> new BatchRequest(reader.list(MAX_BATCHES, r -> r.fixed(Limits.HASH_BYTES)));
            case 8 -> new Body(Block.decode(reader));
            case 9 -> new Statements(reader.list(Limits.VALIDATORS, Statement::decode));
            case 10 -> new Opened(Opening.decode(reader));
            case 11 -> new Misbehaviour(reader.list(MAX_EVIDENCE, Evidence::decode));
            case 12 -> new SnapshotRequest(height(reader), epoch(reader), reader.fixed(Limits.HASH_BYTES));
            case OFFER -> new SnapshotOffer(height(reader), reader.list(MAX_LINKS, HeaderLink::decode));
            case 14 -> new ChunkRequest(height(reader), reader.bytes(MAX_KEY));
            case CHUNK -> new Chunk(height(reader), reader.bytes(MAX_CHUNK));
            default -> throw new CodecException(Reason.UNKNOWN, "message kind " + kind);
        };
        reader.end();
        return message;
    }

    private static Status status(Reader reader) {
        long epoch = reader.u64();
        long height = height(reader);
        int round = Limits.round(reader);
        int step = reader.u8();
        if (epoch < 0 || step >= Step.values().length) {
            throw new CodecException(Reason.UNKNOWN, "epoch " + epoch + ", step " + step);
        }
        return new Status(
                epoch,
                height,
                round,
                Step.values()[step],
                reader.bool(),
                reader.optional(r -> r.fixed(Limits.HASH_BYTES)),
                reader.list(MAX_ROUNDS, r -> new HeldVotes(Limits.round(r), r.bytes(BITS_BYTES), r.bytes(BITS_BYTES))));
    }

    private static long epoch(Reader reader) {
        long epoch = reader.u64();
        if (epoch < 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "epoch " + epoch);
        }
        return epoch;
    }

    private static long height(Reader reader) {
        long height = reader.u64();
        if (height < 1) {
            throw new CodecException(Reason.OUT_OF_RANGE, "height " + height);
        }
        return height;
    }
}
