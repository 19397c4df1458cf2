package io.cloister.channel.flow;

import io.cloister.channel.Topic;
import io.cloister.channel.handshake.AbortCode;
import io.cloister.channel.handshake.HandshakeMessage;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/** The frames after the handshake, none larger than {@link HandshakeMessage#MAX_FRAME}. (F1) */
public sealed interface LiveFrame {
    /** Payload bytes in one data frame: the frame limit less type, topic and mark. */
    int CHUNK = HandshakeMessage.MAX_FRAME - 3;

    int NONCE_BYTES = 32;

    Bytes encode();

    /**
     * Reads one frame strictly.
     *
     * @throws CodecException when the frame is not the one encoding of a message
     */
    static LiveFrame decode(Bytes frame) {
        if (frame.length() > HandshakeMessage.MAX_FRAME) {
            throw new CodecException(Reason.TOO_LONG, "a frame of " + frame.length() + " bytes");
        }
        Reader in = new Reader(frame);
        int type = in.u8();
        LiveFrame read = switch (type) {
            case Data.TYPE -> Data.read(in);
            case Credit.TYPE -> Credit.read(in);
            case Challenge.TYPE -> new Challenge(in.fixed(NONCE_BYTES));
            case Answer.TYPE -> new Answer(in.fixed(NONCE_BYTES), Proof.read(in));
            case Decline.TYPE -> new Decline(in.fixed(NONCE_BYTES));
            case HandshakeMessage.ABORT_TYPE -> new Goodbye(AbortCode.of(in.u8()));
            default -> throw new CodecException(Reason.UNKNOWN, "live frame type " + type);
        };
        in.end();
        return read;
    }

    /** A message's next piece: every piece but the last has exactly {@link #CHUNK} bytes. */
    record Data(Topic topic, boolean last, Bytes piece) implements LiveFrame {
        static final int TYPE = 16;

        @Override
        public Bytes encode() {
            return new Writer(3 + piece.length())
                    .u8(TYPE)
                    .u8(topic.code())
                    .bool(last)
                    .fixed(piece)
                    .toBytes();
        }

        private static Data read(Reader in) {
            Topic topic = Topic.of(in.u8());
            boolean last = in.bool();
            Bytes piece = in.fixed(in.remaining());
            if (!last && piece.length() != CHUNK) {
                throw new CodecException(Reason.NOT_CANONICAL, "a short piece that is not the last");
            }
            return new Data(topic, last, piece);
        }
    }

    /** The sender of this frame may be sent so many more units on a topic. */
    record Credit(Topic topic, long units) implements LiveFrame {
        static final int TYPE = 17;

        @Override
        public Bytes encode() {
            return new Writer().u8(TYPE).u8(topic.code()).u32(units).toBytes();
        }

        private static Credit read(Reader in) {
            Topic topic = Topic.of(in.u8());
            long units = in.u32();
            if (units == 0) {
                throw new CodecException(Reason.OUT_OF_RANGE, "a grant of nothing");
            }
            return new Credit(topic, units);
        }
    }

    /** New evidence is wanted, bound to this nonce of 32 bytes. */
    record Challenge(Bytes nonce) implements LiveFrame {
        static final int TYPE = 18;

        @Override
        public Bytes encode() {
            return new Writer().u8(TYPE).fixed(nonce).toBytes();
        }
    }

    /** The evidence for a challenge. */
    record Answer(Bytes nonce, Proof proof) implements LiveFrame {
        static final int TYPE = 19;

        @Override
        public Bytes encode() {
            Writer out = new Writer().u8(TYPE).fixed(nonce);
            proof.write(out);
            return out.toBytes();
        }
    }

    /** No evidence can be made for a challenge now. */
    record Decline(Bytes nonce) implements LiveFrame {
        static final int TYPE = 20;

        @Override
        public Bytes encode() {
            return new Writer().u8(TYPE).fixed(nonce).toBytes();
        }
    }

    /** The last frame of a connection. */
    record Goodbye(AbortCode code) implements LiveFrame {
        @Override
        public Bytes encode() {
            return new HandshakeMessage.Abort(code).encode();
        }
    }
}
