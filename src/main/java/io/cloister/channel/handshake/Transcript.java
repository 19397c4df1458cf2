package io.cloister.channel.handshake;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/**
 * A running hash over all handshake frames in the order in which they go over the wire: {@code T0 = SHA-256(label)},
 * {@code Tk = SHA-256(label || T(k-1) || u32 length || frame)}. (H4)
 */
record Transcript(Bytes hash) {
    private static final Bytes LABEL = Bytes.utf8("cloister/channel/transcript/v1");

    static Transcript empty() {
        return new Transcript(Hashes.sha256(LABEL));
    }

    Transcript with(Bytes frame) {
        Bytes length = new Writer().u32(frame.length()).toBytes();
        return new Transcript(Hashes.sha256(LABEL, hash, length, frame));
    }
}
