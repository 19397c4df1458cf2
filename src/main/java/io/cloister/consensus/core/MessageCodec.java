package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.Limits;
import io.cloister.consensus.core.Message.BlockRequest;
import io.cloister.consensus.core.Message.Blocks;
import io.cloister.consensus.core.Message.HeldVotes;
import io.cloister.consensus.core.Message.Proposed;
import io.cloister.consensus.core.Message.Status;
import io.cloister.consensus.core.Message.Transactions;
import io.cloister.consensus.core.Message.Votes;
import java.util.Optional;

/** The wire format of {@link Message}: one byte of version, one of kind, then the fields in order. */
public final class MessageCodec {
    /** No message is longer: a full block, its header, a polka or certificate, and room to spare. */
    public static final int MAX_BYTES = Limits.BLOCK_BYTES + 64 * 1024;

    static final int MAX_VOTES = 256;
    static final int MAX_ROUNDS = 8;
    static final int MAX_BLOCKS = 32;
    static final int MAX_TRANSACTIONS = 1024;

    private static final int VERSION = 1;
    private static final int BLOCKS = 5;
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
            case Transactions it -> writer.u8(6).list(it.transactions(), Writer::bytes);
        }
        return writer.toBytes();
    }

    /** Whether these bytes begin like an answer with blocks, for who wants none. */
    public static boolean isBlocks(Bytes bytes) {
        return bytes.length() >= 2 && bytes.at(0) == VERSION && bytes.at(1) == BLOCKS;
    }

    private static void encode(Writer writer, Status status) {
        writer.u64(status.height()).u32(status.round()).u8(status.step().ordinal());
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
            case 6 -> new Transactions(reader.list(MAX_TRANSACTIONS, r -> r.bytes(Limits.TRANSACTION_BYTES)));
            default -> throw new CodecException(Reason.UNKNOWN, "message kind " + kind);
        };
        reader.end();
        return message;
    }

    private static Status status(Reader reader) {
        long height = height(reader);
        int round = Limits.round(reader);
        int step = reader.u8();
        if (step >= Step.values().length) {
            throw new CodecException(Reason.UNKNOWN, "step " + step);
        }
        boolean hasProposal = reader.bool();
        Optional<Bytes> missing = reader.optional(r -> r.fixed(Limits.HASH_BYTES));
        return new Status(
                height,
                round,
                Step.values()[step],
                hasProposal,
                missing,
                reader.list(MAX_ROUNDS, r -> new HeldVotes(Limits.round(r), r.bytes(BITS_BYTES), r.bytes(BITS_BYTES))));
    }

    private static long height(Reader reader) {
        long height = reader.u64();
        if (height < 1) {
            throw new CodecException(Reason.OUT_OF_RANGE, "height " + height);
        }
        return height;
    }
}
