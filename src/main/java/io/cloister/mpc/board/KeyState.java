package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.mpc.Committee;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One threshold key from its first instance on.
 *
 * @param label {@link #SIGNING} or {@link #BEACON}
 * @param randomInstance number of its KEY_RANDOM
 * @param unmaskInstance number of its KEY_UNMASK, 0 until that is opened
 * @param confirmations slot to digest of what it confirmed
 * @param transcript present when n-t members confirmed the same
 */
public record KeyState(
        String label,
        long epoch,
        long randomInstance,
        long unmaskInstance,
        SortedMap<Integer, Bytes> confirmations,
        Optional<KeyTranscript> transcript) {
    /** The key whose derived keys hold funds. */
    public static final String SIGNING = "signing";

    /** The key of the threshold beacon. */
    public static final String BEACON = "beacon";

    /** In the order in which their instances are opened. */
    public static final List<String> LABELS = List.of(SIGNING, BEACON);

    public KeyState {
        confirmations = new TreeMap<>(confirmations);
    }

    /**
     * A finished key.
     *
     * @param hash the transcript hash that n-t members signed
     * @param commitments t+1 points; the first is the public key
     */
    public record KeyTranscript(Bytes hash, List<Point> commitments) {
        public KeyTranscript {
            commitments = List.copyOf(commitments);
        }

        public Point publicKey() {
            return commitments.getFirst();
        }
    }

    void encode(Writer writer) {
        writer.string(label)
                .u64(epoch)
                .u64(randomInstance)
                .u64(unmaskInstance)
                .list(confirmations.entrySet(), (w, c) -> w.u16(c.getKey()).fixed(c.getValue()))
                .optional(
                        transcript, (w, t) -> w.fixed(t.hash()).list(t.commitments(), (ww, p) -> ww.fixed(p.encode())));
    }

    static KeyState decode(Reader reader) {
        return new KeyState(
                reader.string(16),
                reader.u64(),
                reader.u64(),
                reader.u64(),
                Maps.read(reader, r -> r.fixed(32)),
                reader.optional(r ->
                        new KeyTranscript(r.fixed(32), r.list(Committee.MAX_SIZE, rr -> Point.decode(rr.fixed(33))))));
    }
}
