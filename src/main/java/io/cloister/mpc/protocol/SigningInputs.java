package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.sharing.Derivation;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Everything public that a signature is made from; equal on all nodes because request, presignature and beacon come
 * from a final block (docs/mpc.md, S1 to S6).
 *
 * @param epsilon derivation tweak of the path
 * @param delta re-randomisation H("rerand", beacon, h, R', X, epsilon, p)
 * @param nonce R = R' + delta*G
 * @param r x(R) mod q
 * @param theta e + r*epsilon, with e = int(h) mod q
 * @param key X + epsilon*G, which the signature verifies under
 */
record SigningInputs(Scalar epsilon, Scalar delta, Point nonce, Scalar r, Scalar theta, Point key) {
    private static final String RERANDOMISE = "cloister/mpc/rerandomise/v1";
    private static final BigInteger ORDER = Scalar.ONE.negate().toBigInteger().add(BigInteger.ONE);

    /**
     * @param root X
     * @param kappa R'
     * @return empty when R is infinite or r is zero: the presignature burns
     */
    static Optional<SigningInputs> of(
            SigningRequest request, PresignatureId presignature, Bytes beacon, Point root, Point kappa) {
        Scalar epsilon = Derivation.tweak(root, request.path());
        Scalar delta = Scalar.hash(
                RERANDOMISE,
                beacon,
                request.digest(),
                kappa.encode(),
                root.encode(),
                epsilon.encode(),
                new Writer().u64(presignature.batch()).u16(presignature.index()).toBytes());
        Point nonce = kappa.add(Point.base(delta));
        if (nonce.isInfinity()) {
            return Optional.empty();
        }
        Scalar r = Scalar.reduce(nonce.x());
        Scalar theta = Scalar.reduce(request.digest()).add(r.mul(epsilon));
        Point key = root.add(Point.base(epsilon));
        return r.isZero() || key.isInfinity()
                ? Optional.empty()
                : Optional.of(new SigningInputs(epsilon, delta, nonce, r, theta, key));
    }

    /**
     * s = nu / mu with low s and the recovery id: bit 0 parity of y(R), turned when s is negated, bit 1 whether x(R) is
     * q or more.
     *
     * @return empty for mu = 0 or s = 0
     */
    Optional<Signature> signature(Scalar nu, Scalar mu) {
        if (nu.isZero() || mu.isZero()) {
            return Optional.empty();
        }
        boolean beyond = new BigInteger(1, nonce.x().toArray()).compareTo(ORDER) >= 0;
        int recoveryId = (nonce.yIsOdd() ? 1 : 0) | (beyond ? 2 : 0);
        return Optional.of(new Signature(r, nu.mul(mu.inverse()), recoveryId).lowS());
    }
}
