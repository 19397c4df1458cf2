package io.cloister.mpc.sharing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;

/**
 * Chaum-Pedersen proof (CRYPTO '92) that two points have the same logarithm: P = w*G and Q = w*B. Used by complaints,
 * with B the dealing's ephemeral, and by the beacon, with B the hashed block.
 *
 * @param challenge c = H(context, P, B, Q, R1, R2) with R1 = k*G and R2 = k*B
 * @param response z = k + c*w
 */
public record DleqProof(Scalar challenge, Scalar response) {
    private static final String DOMAIN = "cloister/mpc/dleq/v1";

    /** P = w*G, the second base B and Q = w*B. */
    public record Statement(Point key, Point base, Point power) {}

    public static DleqProof prove(Bytes context, Statement statement, SecretScalar witness) {
        try (SecretScalar k = SecretScalar.random()) {
            Scalar c = challenge(context, statement, Point.base(k), statement.base.mul(k));
            return new DleqProof(c, Responses.respond(k, c, witness));
        }
    }

    public boolean verify(Bytes context, Statement statement) {
        Point r1 = Point.base(response).sub(statement.key.mul(challenge));
        Point r2 = statement.base.mul(response).sub(statement.power.mul(challenge));
        return challenge.equals(challenge(context, statement, r1, r2));
    }

    public void encode(Writer writer) {
        writer.fixed(challenge.encode()).fixed(response.encode());
    }

    public static DleqProof decode(Reader reader) {
        return new DleqProof(Responses.scalar(reader), Responses.scalar(reader));
    }

    private static Scalar challenge(Bytes context, Statement s, Point r1, Point r2) {
        return Scalar.hash(
                DOMAIN, context, s.key.encode(), s.base.encode(), s.power.encode(), r1.encode(), r2.encode());
    }
}
