package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Limits;
import java.util.List;
import java.util.Optional;

/** What a node answers. */
sealed interface NodeFrame {
    /** Longest frame: a header, a certificate, and a path for each request that a stream may have unanswered. */
    int MAX_BYTES = 4 << 20;

    int MAX_ANSWERS = 4096;
    int MAX_TEXT = 256;

    /** One request that will not be answered by a block of this node's. */
    record Refusal(long id, RefusalReason reason, String text) {}

    record Refused(List<Refusal> refusals) implements NodeFrame {
        public Refused {
            refusals = List.copyOf(refusals);
        }
    }

    /** A request whose transaction is in the block. */
    record Commit(long id, TransactionPath path) {}

    /** A decided block, as far as this stream has to do with it. */
    record Committed(CertifiedHeader decided, List<Commit> commits) implements NodeFrame {
        public Committed {
            commits = List.copyOf(commits);
        }
    }

    /**
     * Where the node stands.
     *
     * @param height that was asked for, or the last stored one; 0 before the first
     * @param stateRoot after that height, when it is stored
     * @param halted why the node takes part no longer, if so
     */
    record Standing(long height, Optional<Bytes> stateRoot, Optional<String> halted) implements NodeFrame {}

    default Bytes encode() {
        return switch (this) {
            case Refused(List<Refusal> refusals) ->
                new Writer()
                        .u8(1)
                        .list(
                                refusals,
                                (w, it) -> w.u64(it.id()).u8(it.reason().code()).string(it.text()))
                        .toBytes();
            case Committed(CertifiedHeader decided, List<Commit> commits) -> {
                Writer writer = new Writer(1024 + commits.size() * 384).u8(2);
                decided.encode(writer);
                yield writer.list(commits, (w, it) -> it.path().encode(w.u64(it.id())))
                        .toBytes();
            }
            case Standing(long height, Optional<Bytes> root, Optional<String> halted) ->
                new Writer()
                        .u8(3)
                        .u64(height)
                        .optional(root, Writer::fixed)
                        .optional(halted, Writer::string)
                        .toBytes();
        };
    }

    static NodeFrame decode(Bytes bytes) {
        if (bytes.length() > MAX_BYTES) {
            throw new CodecException(Reason.TOO_LONG, "a frame of " + bytes.length() + " bytes");
        }
        Reader reader = new Reader(bytes);
        int type = reader.u8();
        NodeFrame frame = switch (type) {
            case 1 ->
                new Refused(reader.list(
                        MAX_ANSWERS, r -> new Refusal(r.u64(), RefusalReason.of(r.u8()), r.string(MAX_TEXT))));
            case 2 ->
                new Committed(
                        CertifiedHeader.decode(reader),
                        reader.list(MAX_ANSWERS, r -> new Commit(r.u64(), TransactionPath.decode(r))));
            case 3 ->
                new Standing(
                        reader.u64(),
                        reader.optional(r -> r.fixed(Limits.HASH_BYTES)),
                        reader.optional(r -> r.string(MAX_TEXT)));
            default -> throw new CodecException(Reason.UNKNOWN, "frame " + type);
        };
        reader.end();
        return frame;
    }
}
