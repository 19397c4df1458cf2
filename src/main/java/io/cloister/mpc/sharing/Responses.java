package io.cloister.mpc.sharing;

import io.cloister.codec.Reader;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;

/** What the sigma protocols share: the response z = k + c*w, made public at its end, and canonical scalars. */
final class Responses {
    private Responses() {}

    static Scalar respond(SecretScalar nonce, Scalar challenge, SecretScalar witness) {
        try (SecretScalar scaled = witness.mul(challenge);
                SecretScalar response = nonce.add(scaled)) {
            return response.reveal();
        }
    }

    static Scalar scalar(Reader reader) {
        return Scalar.decode(reader.fixed(32));
    }
}
