package io.cloister.mpc.sharing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;

/**
 * Schnorr's proof of knowledge of beta with v = beta*G, bound to a context. It keeps a dealer from encrypting under
 * another dealer's ephemeral.
 *
 * @param challenge c = H(context, v, R) with R = k*G
 * @param response z = k + c*beta
 */
public record PossessionProof(Scalar challenge, Scalar response) {
    private static final String DOMAIN = "cloister/mpc/possession/v1";

    public static PossessionProof prove(Bytes context, SecretScalar beta, Point v) {
        try (SecretScalar k = SecretScalar.random()) {
            Scalar c = Scalar.hash(DOMAIN, context, v.encode(), Point.base(k).encode());
            return new PossessionProof(c, Responses.respond(k, c, beta));
        }
    }

    public boolean verify(Bytes context, Point v) {
        Point r = Point.base(response).sub(v.mul(challenge));
        return challenge.equals(Scalar.hash(DOMAIN, context, v.encode(), r.encode()));
    }

    public void encode(Writer writer) {
        writer.fixed(challenge.encode()).fixed(response.encode());
    }

    public static PossessionProof decode(Reader reader) {
        return new PossessionProof(Responses.scalar(reader), Responses.scalar(reader));
    }
}
