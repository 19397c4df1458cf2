package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import io.cloister.mpc.Committee;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.dealing.ReceiverPacket;
import io.cloister.mpc.sharing.DleqProof;
import java.util.Optional;

/** What nodes say to each other on topic MPC. The channel says who speaks. */
public sealed interface Message {
    /** The most bytes of a message. */
    int MAX_LENGTH = 1 << 20;

    /** The most bytes of an opening: 64 for each sharing of a key dealing. */
    int MAX_OPENING = 64;

    /**
     * A dealing, or the part of it that the receiver may have.
     *
     * @param support the dealer's own support; without it the dealing must stand on the board already
     */
    record DealingPush(long instance, int dealer, Bytes dealingId, Optional<Signature> support, ReceiverPacket packet)
            implements Message {}

    /** The sender holds valid shares of a dealing. */
    record Support(long instance, int dealer, Bytes dealingId, Signature signature) implements Message {}

    /** The sender lacks an included dealing, its ciphertext of it, or openings after its complaint. */
    record DealingRequest(long instance, int dealer) implements Message {}

    /** The sender's own share of a key dealing whose receiver's complaint stands. */
    record Opening(long instance, int dealer, Bytes share) implements Message {}

    /** A share of the beacon over a block. */
    record BeaconShare(long height, Bytes blockId, Point share, DleqProof proof) implements Message {}

    /** The openings of nu and mu with their masks. */
    record SignatureShare(Bytes requestId, int attempt, PresignatureId presignature, ShareValues values)
            implements Message {}

    /** Four scalars: nu_i, nu'_i, mu_i, mu'_i. */
    record ShareValues(Scalar nu, Scalar nuMask, Scalar mu, Scalar muMask) {
        void encode(Writer writer) {
            writer.fixed(nu.encode()).fixed(nuMask.encode()).fixed(mu.encode()).fixed(muMask.encode());
        }

        static ShareValues decode(Reader reader) {
            return new ShareValues(scalar(reader), scalar(reader), scalar(reader), scalar(reader));
        }

        private static Scalar scalar(Reader reader) {
            return Scalar.decode(reader.fixed(32));
        }
    }

    /** About how many bytes of memory it takes, never less than its encoding. */
    default long size() {
        return this instanceof DealingPush push ? 512 + push.packet.size() : 512;
    }

    default Bytes encode() {
        Writer w = new Writer();
        switch (this) {
            case DealingPush m -> {
                w.u8(1).u64(m.instance).u16(m.dealer).fixed(m.dealingId);
                w.optional(m.support, (ww, s) -> ww.fixed(s.compact()));
                m.packet.encode(w);
            }
            case Support m ->
                w.u8(2).u64(m.instance).u16(m.dealer).fixed(m.dealingId).fixed(m.signature.compact());
            case DealingRequest m -> w.u8(3).u64(m.instance).u16(m.dealer);
            case Opening m -> w.u8(4).u64(m.instance).u16(m.dealer).bytes(m.share);
            case BeaconShare m ->
                m.proof.encode(w.u8(5).u64(m.height).fixed(m.blockId).fixed(m.share.encode()));
            case SignatureShare m -> {
                w.u8(6).fixed(m.requestId).u32(m.attempt);
                w.u64(m.presignature.batch()).u16(m.presignature.index());
                m.values.encode(w);
            }
        }
        return w.toBytes();
    }

    /** @throws CodecException for anything that is not the one encoding of a message */
    static Message decode(Bytes encoded) {
        if (encoded.length() > MAX_LENGTH) {
            throw new CodecException(Reason.TOO_LONG, encoded.length() + " bytes of a message");
        }
        Reader r = new Reader(encoded);
        int kind = r.u8();
        Message message = switch (kind) {
            case 1 ->
                new DealingPush(
                        r.u64(),
                        r.u16(),
                        r.fixed(32),
                        r.optional(Message::signature),
                        ReceiverPacket.decode(r, Committee.MAX_SIZE));
            case 2 -> new Support(r.u64(), r.u16(), r.fixed(32), signature(r));
            case 3 -> new DealingRequest(r.u64(), r.u16());
            case 4 -> new Opening(r.u64(), r.u16(), r.bytes(MAX_OPENING));
            case 5 -> new BeaconShare(r.u64(), r.fixed(32), Point.decode(r.fixed(33)), DleqProof.decode(r));
            case 6 ->
                new SignatureShare(
                        r.fixed(32), attempt(r.u32()), new PresignatureId(r.u64(), r.u16()), ShareValues.decode(r));
            default -> throw new CodecException(Reason.UNKNOWN, "message kind " + kind);
        };
        r.end();
        return message;
    }

    private static Signature signature(Reader reader) {
        return Signature.decodeCompact(reader.fixed(64));
    }

    private static int attempt(long value) {
        if (value > Integer.MAX_VALUE) {
            throw new CodecException(Reason.OUT_OF_RANGE, "attempt " + value);
        }
        return (int) value;
    }
}
