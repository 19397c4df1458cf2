package io.cloister.channel.handshake;

import io.cloister.attestation.Evidence;
import io.cloister.channel.PeerNetwork;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Signature;
import java.util.List;

/** The frames of the handshake: one type byte and the fields in the fixed binary codec. (H1) */
public sealed interface HandshakeMessage {
    /** No frame of any kind is larger, before or after the handshake. */
    int MAX_FRAME = 64 * 1024;

    /** Type byte of {@link Abort}, which may arrive at any time, also after the handshake. */
    int ABORT_TYPE = 4;

    int HASH_BYTES = 32;
    int SIGNATURE_BYTES = 64;
    int MAX_CHAIN_ID_BYTES = 64;
    int MAX_VERSIONS = 8;

    Bytes encode();

    /**
     * Reads one frame strictly.
     *
     * @throws CodecException when the frame is not the one encoding of a message
     */
    static HandshakeMessage decode(Bytes frame) {
        Reader in = new Reader(frame);
        int type = in.u8();
        HandshakeMessage message = switch (type) {
            case Hello.TYPE -> Hello.read(in);
            case Proof.TYPE -> Proof.read(in);
            case Finish.TYPE -> new Finish(in.fixed(HASH_BYTES));
            case ABORT_TYPE -> new Abort(AbortCode.of(in.u8()));
            default -> throw new CodecException(Reason.UNKNOWN, "handshake frame type " + type);
        };
        in.end();
        return message;
    }

    /**
     * Who speaks, and for which network.
     *
     * @param versions the initiator's offer, highest first; the responder's one choice
     * @param chainId at most 64 bytes of UTF-8
     * @param policyDigest 32 bytes, of the membership policy
     * @param genesisDigest 32 bytes
     * @param nodeId 33 bytes
     * @param nonce 32 fresh random bytes
     */
    record Hello(
            List<Integer> versions, String chainId, Bytes policyDigest, Bytes genesisDigest, Bytes nodeId, Bytes nonce)
            implements HandshakeMessage {
        static final int TYPE = 1;

        public Hello {
            versions = List.copyOf(versions);
        }

        @Override
        public Bytes encode() {
            return new Writer()
                    .u8(TYPE)
                    .list(versions, Writer::u16)
                    .string(chainId)
                    .fixed(policyDigest)
                    .fixed(genesisDigest)
                    .fixed(nodeId)
                    .fixed(nonce)
                    .toBytes();
        }

        private static Hello read(Reader in) {
            List<Integer> versions = in.list(MAX_VERSIONS, Reader::u16);
            for (int i = 1; i < versions.size(); i++) {
                if (versions.get(i) >= versions.get(i - 1)) {
                    throw new CodecException(Reason.NOT_CANONICAL, "versions not in falling order");
                }
            }
            return new Hello(
                    versions,
                    in.string(MAX_CHAIN_ID_BYTES),
                    in.fixed(HASH_BYTES),
                    in.fixed(HASH_BYTES),
                    in.fixed(PeerNetwork.NODE_ID_BYTES),
                    in.fixed(HASH_BYTES));
        }
    }

    /**
     * A node's evidence for this connection.
     *
     * @param evidence with a {@code peer-channel} leaf
     * @param signature by the slot key over {@link ChannelLeaf#signingDigest}
     */
    record Proof(Evidence evidence, Signature signature) implements HandshakeMessage {
        static final int TYPE = 2;

        @Override
        public Bytes encode() {
            Writer out = new Writer().u8(TYPE);
            write(out);
            return out.toBytes();
        }

        /** The fields alone, as an answer to a re-attestation challenge carries them too. */
        public void write(Writer out) {
            out.bytes(evidence.encode()).fixed(signature.compact());
        }

        /** @throws CodecException when evidence or signature are not well-formed */
        public static Proof read(Reader in) {
            Reader body = new Reader(in.bytes(MAX_FRAME));
            Evidence evidence = Evidence.decode(body);
            body.end();
            return new Proof(evidence, Signature.decodeCompact(in.fixed(SIGNATURE_BYTES)));
        }
    }

    /** The code that shows agreement on the whole transcript, 32 bytes. */
    record Finish(Bytes code) implements HandshakeMessage {
        static final int TYPE = 3;

        @Override
        public Bytes encode() {
            return new Writer().u8(TYPE).fixed(code).toBytes();
        }
    }

    /** The sender gives the connection up. */
    record Abort(AbortCode code) implements HandshakeMessage {
        @Override
        public Bytes encode() {
            return new Writer().u8(ABORT_TYPE).u8(code.code()).toBytes();
        }
    }
}
