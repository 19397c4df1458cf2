package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.mpc.Committee;
import io.cloister.mpc.dealing.Complaint;
import io.cloister.mpc.dealing.ReceiverPacket;
import java.util.List;

/** The bodies of the board's transactions, one kind each. */
public sealed interface BoardTransaction {
    int INCLUDE_DEALING = 1;
    int CONFIRM_TRANSCRIPT = 2;
    int COMPLAIN = 3;
    int DEMAND = 4;
    int ANSWER = 5;
    int SIGNATURE_PRODUCED = 6;

    /** A member's vote-key signature over {@code DealingContext.supportDigest}, 64 bytes on the wire. */
    record Support(int slot, Signature signature) {}

    /** Puts a dealing into the set of its instance. */
    record IncludeDealing(long instance, int dealer, Bytes dealingId, List<Support> supports)
            implements BoardTransaction {
        public IncludeDealing {
            supports = List.copyOf(supports);
        }
    }

    /**
     * The sender has the transcript and its own shares of it.
     *
     * @param instance a KEY_UNMASK, or the PRESIGN_PRODUCT of a batch
     * @param transcriptHash for a batch the hash over both of its transcripts
     * @param commitments t+1 points of a key, the public key first; none for a batch
     */
    record ConfirmTranscript(long instance, Bytes transcriptHash, List<Point> commitments) implements BoardTransaction {
        public ConfirmTranscript {
            commitments = List.copyOf(commitments);
        }
    }

    /** A receiver proves that its share is wrong. */
    record Complain(Complaint complaint) implements BoardTransaction {}

    /** A receiver asks for its ciphertext in public. */
    record DemandPacket(long instance, int dealer) implements BoardTransaction {}

    /** The demanded ciphertext with its paths. */
    record AnswerDemand(long instance, int dealer, int receiver, ReceiverPacket packet) implements BoardTransaction {}

    /** A signature for a request. */
    record SignatureProduced(Bytes requestId, Signature signature) implements BoardTransaction {}

    /** The transaction's kind. */
    default int kind() {
        return switch (this) {
            case IncludeDealing t -> INCLUDE_DEALING;
            case ConfirmTranscript t -> CONFIRM_TRANSCRIPT;
            case Complain t -> COMPLAIN;
            case DemandPacket t -> DEMAND;
            case AnswerDemand t -> ANSWER;
            case SignatureProduced t -> SIGNATURE_PRODUCED;
        };
    }

    default Bytes encode() {
        Writer w = new Writer();
        switch (this) {
            case IncludeDealing t ->
                w.u64(t.instance)
                        .u16(t.dealer)
                        .fixed(t.dealingId)
                        .list(t.supports, (ww, s) -> ww.u16(s.slot).fixed(s.signature.compact()));
            case ConfirmTranscript t ->
                w.u64(t.instance).fixed(t.transcriptHash).list(t.commitments, (ww, p) -> ww.fixed(p.encode()));
            case Complain t -> t.complaint.encode(w);
            case DemandPacket t -> w.u64(t.instance).u16(t.dealer);
            case AnswerDemand t ->
                t.packet.encode(w.u64(t.instance).u16(t.dealer).u16(t.receiver));
            case SignatureProduced t -> w.fixed(t.requestId).fixed(t.signature.recoverable());
        }
        return w.toBytes();
    }

    /** @throws CodecException for a body that is not the one encoding of a transaction of this kind */
    static BoardTransaction decode(int kind, Bytes body) {
        Reader r = new Reader(body);
        BoardTransaction decoded = switch (kind) {
            case INCLUDE_DEALING ->
                new IncludeDealing(
                        r.u64(), r.u16(), r.fixed(32), r.list(Committee.MAX_SIZE, BoardTransaction::support));
            case CONFIRM_TRANSCRIPT ->
                new ConfirmTranscript(
                        r.u64(), r.fixed(32), r.list(Committee.MAX_SIZE, rr -> Point.decode(rr.fixed(33))));
            case COMPLAIN -> new Complain(Complaint.decode(r));
            case DEMAND -> new DemandPacket(r.u64(), r.u16());
            case ANSWER -> new AnswerDemand(r.u64(), r.u16(), r.u16(), ReceiverPacket.decode(r, 1));
            case SIGNATURE_PRODUCED -> new SignatureProduced(r.fixed(32), Signature.decodeRecoverable(r.fixed(65)));
            default -> throw new CodecException(Reason.UNKNOWN, "board transaction of kind " + kind);
        };
        r.end();
        return decoded;
    }

    private static Support support(Reader reader) {
        return new Support(reader.u16(), Signature.decodeCompact(reader.fixed(64)));
    }
}
