package io.cloister.mpc.sharing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;

/**
 * Proof that Z commits to the product of the openings of K = u*G and L = y*G + y'*H: knowledge of (u, e) with K = u*G
 * and Z = u*L + e*H, where e = z' - u*y' and z' is Z's mask.
 *
 * @param challenge c = H(context, K, L, Z, R1, R2) with R1 = k1*G and R2 = k1*L + k2*H
 * @param first k1 + c*u
 * @param second k2 + c*e
 */
public record ProductProof(Scalar challenge, Scalar first, Scalar second) implements SharingProof {
    private static final String DOMAIN = "cloister/mpc/product/v1";

    /** The public side: commitments to multiplier, multiplicand and product. */
    public record Statement(Point multiplier, Point multiplicand, Point product) {}

    /**
     * @param multiplier u
     * @param multiplicandMask y'
     * @param productMask z'
     */
    public static ProductProof prove(
            Bytes context,
            Statement statement,
            SecretScalar multiplier,
            SecretScalar multiplicandMask,
            SecretScalar productMask) {
        try (SecretScalar crossed = multiplier.mul(multiplicandMask);
                SecretScalar e = productMask.sub(crossed);
                SecretScalar k1 = SecretScalar.random();
                SecretScalar k2 = SecretScalar.random()) {
            Point r1 = Point.base(k1);
            Point r2 = statement.multiplicand.mul(k1).add(Pedersen.H.mul(k2));
            Scalar c = challenge(context, statement, r1, r2);
            return new ProductProof(c, Responses.respond(k1, c, multiplier), Responses.respond(k2, c, e));
        }
    }

    public boolean verify(Bytes context, Statement statement) {
        Point r1 = Point.base(first).sub(statement.multiplier.mul(challenge));
        Point r2 = statement.multiplicand.mul(first).add(Pedersen.H.mul(second)).sub(statement.product.mul(challenge));
        return challenge.equals(challenge(context, statement, r1, r2));
    }

    @Override
    public void encode(Writer writer) {
        writer.fixed(challenge.encode()).fixed(first.encode()).fixed(second.encode());
    }

    public static ProductProof decode(Reader reader) {
        return new ProductProof(Responses.scalar(reader), Responses.scalar(reader), Responses.scalar(reader));
    }

    private static Scalar challenge(Bytes context, Statement s, Point r1, Point r2) {
        return Scalar.hash(
                DOMAIN,
                context,
                s.multiplier.encode(),
                s.multiplicand.encode(),
                s.product.encode(),
                r1.encode(),
                r2.encode());
    }
}
