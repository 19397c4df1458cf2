package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.List;

/**
 * Shows that a key has a value under a state root.
 *
 * @param steps from the leaf up to the root: the bit of the fork and the hash of the side not taken
 */
public record StateProof(Bytes key, Bytes value, List<Step> steps) {
    private static final int MAX_STEPS = 4_096;
    private static final int MAX_VALUE = 1 << 20;

    /**
     * One fork on the way from the leaf to the root.
     *
     * @param bit unsigned on the wire; what is negative here is no bit of any key
     */
    public record Step(int bit, Bytes sibling) {}

    public StateProof {
        steps = List.copyOf(steps);
    }

    /** Whether key and value stand under this root. Bits must fall strictly on the way up, as they do in a tree. */
    public boolean proves(Bytes root) {
        Bytes hash = Node.Leaf.hashOf(key, Hashes.sha256(value));
        int below = Integer.MAX_VALUE;
        for (Step step : steps) {
            if (step.bit() < 0 || step.bit() >= below) {
                return false;
            }
            below = step.bit();
            hash = KeyBits.isSet(key, step.bit())
                    ? Node.Fork.hashOf(step.bit(), step.sibling(), hash)
                    : Node.Fork.hashOf(step.bit(), hash, step.sibling());
        }
        return hash.equals(root);
    }

    public Bytes encode() {
        return new Writer()
                .bytes(key)
                .bytes(value)
                .list(steps, (w, s) -> w.u32(Integer.toUnsignedLong(s.bit())).fixed(s.sibling()))
                .toBytes();
    }

    public static StateProof decode(Reader in) {
        return new StateProof(
                in.bytes(MAX_STEPS),
                in.bytes(MAX_VALUE),
                in.list(MAX_STEPS, r -> new Step((int) r.u32(), r.fixed(32))));
    }
}
