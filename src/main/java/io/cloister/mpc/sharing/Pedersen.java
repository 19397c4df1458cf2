package io.cloister.mpc.sharing;

import io.cloister.codec.Bytes;
import io.cloister.crypto.HashToCurve;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;

/**
 * Pedersen commitments v*G + m*H (CRYPTO '91). H comes from RFC 9380 hashing of a fixed public label, so that nobody
 * knows its logarithm to base G.
 */
public final class Pedersen {
    /** The domain separation tag and the message that H is hashed from. */
    static final String H_TAG = "cloister/mpc/pedersen/v1";

    static final Bytes H_MESSAGE = Bytes.utf8("second generator");

    public static final Point H = HashToCurve.hash(H_TAG, H_MESSAGE);

    private Pedersen() {}

    /** v*G + m*H in constant time. */
    public static Point commit(SecretScalar value, SecretScalar mask) {
        return Point.base(value).add(H.mul(mask));
    }
}
