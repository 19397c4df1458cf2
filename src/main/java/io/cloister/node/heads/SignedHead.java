package io.cloister.node.heads;

import io.cloister.channel.PeerNetwork;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;

/**
 * A node's word, by its slot key, that its state had come this far in a boot.
 *
 * @param signature by the slot key over {@link #id}, 65 bytes r, s and recovery id
 */
public record SignedHead(String chainId, Bytes nodeId, long boot, Position position, Bytes signature) {
    static final int SIGNATURE = 65;
    private static final int MAX_CHAIN_ID = 64;
    private static final Bytes DOMAIN = Bytes.utf8("cloister/head/v1");

    public static SignedHead sign(SigningKey slotKey, String chainId, long boot, Position position) {
        Bytes id = id(chainId, slotKey.id(), boot, position);
        return new SignedHead(
                chainId, slotKey.id(), boot, position, slotKey.sign(id).recoverable());
    }

    private static Bytes id(String chainId, Bytes nodeId, long boot, Position position) {
        Writer out = new Writer().fixed(DOMAIN).string(chainId).fixed(nodeId).u64(boot);
        position.write(out);
        return Hashes.sha256(out.toBytes());
    }

    /** What is signed, 32 bytes: all but the signature. */
    public Bytes id() {
        return id(chainId, nodeId, boot, position);
    }

    /** Whether the slot key of the node that it names has signed it. */
    boolean isGenuine() {
        return Ecdsa.isRecoverable(nodeId, id(), signature);
    }

    /** Of a later boot, or further in the same one. A boot speaks only when it knew of all earlier ones, or said that it is behind. */
    boolean isAbove(SignedHead other) {
        return boot > other.boot || (boot == other.boot && position.changes() > other.position.changes());
    }

    Bytes encode() {
        Writer out = new Writer();
        write(out);
        return out.toBytes();
    }

    static SignedHead decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        SignedHead head = read(in);
        in.end();
        return head;
    }

    void write(Writer out) {
        out.string(chainId).fixed(nodeId).u64(boot);
        position.write(out);
        out.fixed(signature);
    }

    static SignedHead read(Reader in) {
        return new SignedHead(
                in.string(MAX_CHAIN_ID),
                in.fixed(PeerNetwork.NODE_ID_BYTES),
                in.u64(),
                Position.read(in),
                in.fixed(SIGNATURE));
    }

    @Override
    public String toString() {
        return "boot " + boot + ", " + position;
    }
}
