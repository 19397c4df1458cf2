package io.cloister.mpc.sharing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;

/**
 * Proof that a simple commitment A = x*G and a masked one C = x*G + m*H hold the same x: knowledge of m with C - A =
 * m*H.
 *
 * @param challenge c = H(context, C, A, R) with R = k*H
 * @param response z = k + c*m
 */
public record UnmaskProof(Scalar challenge, Scalar response) implements SharingProof {
    private static final String DOMAIN = "cloister/mpc/unmask/v1";

    public static UnmaskProof prove(Bytes context, Point masked, Point simple, SecretScalar mask) {
        try (SecretScalar k = SecretScalar.random()) {
            Scalar c = challenge(context, masked, simple, Pedersen.H.mul(k));
            return new UnmaskProof(c, Responses.respond(k, c, mask));
        }
    }

    public boolean verify(Bytes context, Point masked, Point simple) {
        Point difference = masked.sub(simple);
        Point r = Pedersen.H.mul(response).sub(difference.mul(challenge));
        return challenge.equals(challenge(context, masked, simple, r));
    }

    @Override
    public void encode(Writer writer) {
        writer.fixed(challenge.encode()).fixed(response.encode());
    }

    public static UnmaskProof decode(Reader reader) {
        return new UnmaskProof(Responses.scalar(reader), Responses.scalar(reader));
    }

    private static Scalar challenge(Bytes context, Point masked, Point simple, Point r) {
        return Scalar.hash(DOMAIN, context, masked.encode(), simple.encode(), r.encode());
    }
}
