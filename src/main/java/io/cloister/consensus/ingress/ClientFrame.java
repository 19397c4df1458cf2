package io.cloister.consensus.ingress;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Limits;
import java.util.List;

/** What a client sends. */
sealed interface ClientFrame {
    /** Longest frame, room for a few of the largest transactions. */
    int MAX_BYTES = 1 << 20;

    int MAX_REQUESTS = 1024;

    /** @param id any number; the answer repeats it */
    record Request(long id, Bytes transaction) {}

    /** Transactions to order. */
    record Submit(List<Request> requests) implements ClientFrame {
        public Submit {
            requests = List.copyOf(requests);
        }
    }

    /**
     * Asks what state a height ended with.
     *
     * @param height 0 for the last stored one
     */
    record Ask(long height) implements ClientFrame {}

    default Bytes encode() {
        return switch (this) {
            case Submit(List<Request> requests) -> {
                int size = 5;
                for (Request request : requests) {
                    size += 12 + request.transaction().length();
                }
                yield new Writer(size)
                        .u8(1)
                        .list(requests, (w, request) -> w.u64(request.id()).bytes(request.transaction()))
                        .toBytes();
            }
            case Ask(long height) -> new Writer(9).u8(2).u64(height).toBytes();
        };
    }

    /** @throws CodecException for anything but the one encoding of a frame within its bounds */
    static ClientFrame decode(Bytes bytes) {
        if (bytes.length() > MAX_BYTES) {
            throw new CodecException(Reason.TOO_LONG, "a frame of " + bytes.length() + " bytes");
        }
        Reader reader = new Reader(bytes);
        int type = reader.u8();
        ClientFrame frame = switch (type) {
            case 1 ->
                new Submit(reader.list(MAX_REQUESTS, r -> new Request(r.u64(), r.bytes(Limits.TRANSACTION_BYTES))));
            case 2 -> new Ask(reader.u64());
            default -> throw new CodecException(Reason.UNKNOWN, "frame " + type);
        };
        reader.end();
        return frame;
    }
}
