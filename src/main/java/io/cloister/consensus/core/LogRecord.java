package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Block;
import java.util.Optional;

/**
 * What a validator must remember across a crash: everything it signed and everything that binds what it may sign next.
 * Each is durable before the message that it stands for leaves the node. A block's body is written once a height.
 */
public sealed interface LogRecord {
    long height();

    /** The own proposal. */
    record Proposed(Proposal proposal) implements LogRecord {
        @Override
        public long height() {
            return proposal.height();
        }
    }

    /** An own prevote, or an own precommit for nil. */
    record Voted(Vote vote) implements LogRecord {
        @Override
        public long height() {
            return vote.height();
        }
    }

    /** The lock of lines 38 and 39 together with the precommit that it binds. */
    record Locked(Vote precommit, Polka polka, Optional<Block> block) implements LogRecord {
        @Override
        public long height() {
            return precommit.height();
        }
    }

    /** The valid value of lines 42 and 43 without a vote. */
    record Valued(long height, Polka polka, Optional<Block> block) implements LogRecord {}

    default Bytes encode() {
        Writer writer = new Writer();
        switch (this) {
            case Proposed(Proposal proposal) -> proposal.encode(writer.u8(1));
            case Voted(Vote vote) -> vote.encode(writer.u8(2));
            case Locked(Vote precommit, Polka polka, Optional<Block> block) -> {
                precommit.encode(writer.u8(3));
                polka.encode(writer);
                writer.optional(block, (w, it) -> it.encode(w));
            }
            case Valued(long height, Polka polka, Optional<Block> block) -> {
                polka.encode(writer.u8(4).u64(height));
                writer.optional(block, (w, it) -> it.encode(w));
            }
        }
        return writer.toBytes();
    }

    static LogRecord decode(Bytes bytes) {
        Reader reader = new Reader(bytes);
        int kind = reader.u8();
        LogRecord record = switch (kind) {
            case 1 -> new Proposed(Proposal.decode(reader));
            case 2 -> new Voted(Vote.decode(reader));
            case 3 -> new Locked(Vote.decode(reader), Polka.decode(reader), reader.optional(Block::decode));
            case 4 -> new Valued(reader.u64(), Polka.decode(reader), reader.optional(Block::decode));
            default -> throw new CodecException(Reason.UNKNOWN, "log record " + kind);
        };
        reader.end();
        return record;
    }
}
