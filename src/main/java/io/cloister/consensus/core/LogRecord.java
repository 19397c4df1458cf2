package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Polka;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Vote;
import java.util.List;
import java.util.Optional;

/**
 * What a validator must remember across a crash: what binds what it may sign next, and what it decided. A block's body
 * is written once a height, in whichever record needs it first.
 */
public sealed interface LogRecord {
    /** The height that it is about; what lies below the last stored block may be dropped. */
    long height();

    /** An own precommit for nil. */
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
    record Valued(long epoch, long height, Polka polka, Optional<Block> block) implements LogRecord {}

    /** A decided block; it is in the store when everything below the next height may be dropped. */
    record Decided(Certificate certificate, List<KeyClaim> keys, Optional<Block> block) implements LogRecord {
        public Decided {
            keys = List.copyOf(keys);
        }

        @Override
        public long height() {
            return certificate.height();
        }
    }

    /** The own statement for a recovery: no vote in an earlier epoch follows it. */
    record Stated(long height, Statement statement) implements LogRecord {}

    /** The opening that this node accepted: no other one of its number, and no vote in an earlier epoch, follows it. */
    record Opened(long height, Opening opening) implements LogRecord {}

    /** The body of a block that an opening requires; written before the opening. */
    record Required(Block block) implements LogRecord {
        @Override
        public long height() {
            return block.height();
        }
    }

    default Bytes encode() {
        Writer writer = new Writer();
        switch (this) {
            case Voted(Vote vote) -> vote.encode(writer.u8(1));
            case Locked(Vote precommit, Polka polka, Optional<Block> block) -> {
                precommit.encode(writer.u8(2));
                polka.encode(writer);
                writer.optional(block, (w, it) -> it.encode(w));
            }
            case Valued(long epoch, long height, Polka polka, Optional<Block> block) -> {
                polka.encode(writer.u8(3).u64(epoch).u64(height));
                writer.optional(block, (w, it) -> it.encode(w));
            }
            case Decided(Certificate certificate, List<KeyClaim> keys, Optional<Block> block) -> {
                certificate.encode(writer.u8(4));
                writer.list(keys, (w, it) -> it.encode(w)).optional(block, (w, it) -> it.encode(w));
            }
            case Stated(long height, Statement statement) ->
                statement.encode(writer.u8(5).u64(height));
            case Opened(long height, Opening opening) ->
                opening.encode(writer.u8(6).u64(height));
            case Required(Block block) -> block.encode(writer.u8(7));
        }
        return writer.toBytes();
    }

    static LogRecord decode(Bytes bytes) {
        Reader reader = new Reader(bytes);
        int kind = reader.u8();
        LogRecord record = switch (kind) {
            case 1 -> new Voted(Vote.decode(reader));
            case 2 -> new Locked(Vote.decode(reader), Polka.decode(reader), reader.optional(Block::decode));
            case 3 -> new Valued(reader.u64(), reader.u64(), Polka.decode(reader), reader.optional(Block::decode));
            case 4 ->
                new Decided(
                        Certificate.decode(reader),
                        reader.list(Limits.VALIDATORS, KeyClaim::decode),
                        reader.optional(Block::decode));
            case 5 -> new Stated(reader.u64(), Statement.decode(reader));
            case 6 -> new Opened(reader.u64(), Opening.decode(reader));
            case 7 -> new Required(Block.decode(reader));
            default -> throw new CodecException(Reason.UNKNOWN, "log record " + kind);
        };
        reader.end();
        return record;
    }
}
