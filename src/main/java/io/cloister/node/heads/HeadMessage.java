package io.cloister.node.heads;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.util.Optional;

/** What nodes say to each other about heads, on the topic STATE; parts have the numbers below {@value #FIRST}. */
public sealed interface HeadMessage {
    int FIRST = 16;
    int HASH = 32;
    Bytes WITNESS = Bytes.utf8("cloister/head-witness/v1");
    Bytes ANSWER = Bytes.utf8("cloister/head-answer/v1");

    /** My newest head. */
    record Offer(SignedHead head) implements HeadMessage {}

    /**
     * I keep this head of yours durably.
     *
     * @param signature of the witness's slot key
     */
    record Witnessed(Bytes headId, Bytes signature) implements HeadMessage {
        static Witnessed sign(SigningKey slotKey, Bytes headId) {
            return new Witnessed(
                    headId, slotKey.sign(digest(slotKey.id(), headId)).recoverable());
        }

        private static Bytes digest(Bytes witness, Bytes headId) {
            return Hashes.sha256(
                    new Writer().fixed(WITNESS).fixed(witness).fixed(headId).toBytes());
        }

        boolean isGenuine(Bytes witness) {
            return Ecdsa.isRecoverable(witness, digest(witness, headId), signature);
        }
    }

    /** Which head of mine do you keep? */
    record Ask(Bytes nonce) implements HeadMessage {}

    /**
     * The highest that I have of you, if any.
     *
     * @param signature of the answering node's slot key, over the nonce too
     */
    record Answer(Bytes nonce, Optional<SignedHead> head, Bytes signature) implements HeadMessage {
        static Answer sign(SigningKey slotKey, String chainId, Bytes asker, Bytes nonce, Optional<SignedHead> head) {
            Bytes digest = digest(chainId, slotKey.id(), asker, nonce, head);
            return new Answer(nonce, head, slotKey.sign(digest).recoverable());
        }

        private static Bytes digest(String chainId, Bytes keeper, Bytes asker, Bytes nonce, Optional<SignedHead> head) {
            Writer out =
                    new Writer().fixed(ANSWER).string(chainId).fixed(keeper).fixed(asker);
            out.fixed(nonce).optional(head, (w, it) -> w.fixed(it.id()));
            return Hashes.sha256(out.toBytes());
        }

        boolean isGenuine(String chainId, Bytes keeper, Bytes asker) {
            return Ecdsa.isRecoverable(keeper, digest(chainId, keeper, asker, nonce, head), signature);
        }
    }

    /** Whether a payload of the topic is about heads; others are not looked at here. */
    static boolean isAbout(Bytes payload) {
        return !payload.isEmpty() && (payload.at(0) & 0xff) >= FIRST;
    }

    default Bytes encode() {
        Writer out = new Writer();
        switch (this) {
            case Offer(SignedHead head) -> head.write(out.u8(FIRST));
            case Witnessed(Bytes headId, Bytes signature) ->
                out.u8(FIRST + 1).fixed(headId).fixed(signature);
            case Ask(Bytes nonce) -> out.u8(FIRST + 2).fixed(nonce);
            case Answer(Bytes nonce, Optional<SignedHead> head, Bytes signature) ->
                out.u8(FIRST + 3)
                        .fixed(nonce)
                        .optional(head, (w, it) -> it.write(w))
                        .fixed(signature);
        }
        return out.toBytes();
    }

    /** @throws CodecException when the bytes are not the one encoding of a message */
    static HeadMessage decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        HeadMessage message = switch (in.u8()) {
            case FIRST -> new Offer(SignedHead.read(in));
            case FIRST + 1 -> new Witnessed(in.fixed(HASH), in.fixed(SignedHead.SIGNATURE));
            case FIRST + 2 -> new Ask(in.fixed(HASH));
            case FIRST + 3 -> new Answer(in.fixed(HASH), in.optional(SignedHead::read), in.fixed(SignedHead.SIGNATURE));
            default -> throw new CodecException(Reason.UNKNOWN, "not a message about heads");
        };
        in.end();
        return message;
    }
}
