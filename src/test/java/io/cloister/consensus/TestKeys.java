package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stand-ins for keys and signatures, a hash each, so that a simulation spends its time on agreement. Nobody in a
 * simulation forges; what real signatures do is tested with real ones elsewhere.
 */
public final class TestKeys {
    public static final SignatureCheck CHECK =
            (key, digest, signature) -> sign(key, digest).equals(signature);

    private TestKeys() {}

    public static ValidatorSet validators(List<Long> weights) {
        return new ValidatorSet(IntStream.range(0, weights.size())
                .mapToObj(i -> new Validator(i + 1, nodeId(i), voteKey(i), weights.get(i), 1))
                .toList());
    }

    public static Bytes nodeId(int index) {
        return Bytes.concat(Bytes.of((byte) 2), Hashes.sha256(Bytes.utf8("node " + index)));
    }

    public static Bytes voteKey(int index) {
        return Bytes.concat(Bytes.of((byte) 3), Hashes.sha256(Bytes.utf8("vote " + index)));
    }

    /** The vote key of a later boot; of boot 1 it is {@link #voteKey(int)}. */
    public static Bytes voteKey(int index, long boot) {
        return boot == 1
                ? voteKey(index)
                : Bytes.concat(Bytes.of((byte) 3), Hashes.sha256(Bytes.utf8("vote " + index + " of boot " + boot)));
    }

    /** What a key signs, be it a vote key or a slot's. */
    public static Bytes sign(Bytes key, Bytes digest) {
        Bytes half = Hashes.sha256(key, digest);
        return Bytes.concat(half, half, Bytes.zeros(1));
    }
}
