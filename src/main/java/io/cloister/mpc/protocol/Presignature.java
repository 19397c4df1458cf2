package io.cloister.mpc.protocol;

import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.protocol.Message.ShareValues;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.Lagrange;
import io.cloister.mpc.sharing.Pedersen;
import io.cloister.mpc.sharing.Share;
import java.util.List;
import java.util.Optional;

/**
 * One presignature at one node: the commitments that everybody has and, when this boot holds it, the shares of lambda,
 * kappa*lambda and x*lambda. The shares are zeroed when they are opened, so that they can be opened once only.
 */
final class Presignature implements AutoCloseable {
    private final PresignatureId id;
    private final Point kappa;
    private final Commitment lambda;
    private final Commitment kappaLambda;
    private final Commitment keyLambda;
    private Optional<Shares> shares;

    /** Own shares; the presignature takes them over. */
    record Shares(Share lambda, Share kappaLambda, Share keyLambda) {
        void close() {
            lambda.close();
            kappaLambda.close();
            keyLambda.close();
        }
    }

    /** @param kappa R' = kappa*G */
    Presignature(
            PresignatureId id,
            Point kappa,
            Commitment lambda,
            Commitment kappaLambda,
            Commitment keyLambda,
            Optional<Shares> shares) {
        this.id = id;
        this.kappa = kappa;
        this.lambda = lambda;
        this.kappaLambda = kappaLambda;
        this.keyLambda = keyLambda;
        this.shares = shares;
    }

    PresignatureId id() {
        return id;
    }

    Point kappa() {
        return kappa;
    }

    /** Whether this boot has shares that it has not opened yet. */
    boolean isUnused() {
        return shares.isPresent();
    }

    /** Opens nu_i = theta*lambda_i + r*(x*lambda)_i and mu_i = delta*lambda_i + (kappa*lambda)_i, once. */
    ShareValues open(SigningInputs inputs) {
        Shares own = shares.orElseThrow(() -> new IllegalStateException("presignature " + id + " is used"));
        try {
            List<Scalar> forNu = List.of(inputs.theta(), inputs.r());
            List<Scalar> forMu = List.of(inputs.delta(), Scalar.ONE);
            return new ShareValues(
                    revealed(forNu, own.lambda.value(), own.keyLambda.value()),
                    revealed(forNu, own.lambda.mask(), own.keyLambda.mask()),
                    revealed(forMu, own.lambda.value(), own.kappaLambda.value()),
                    revealed(forMu, own.lambda.mask(), own.kappaLambda.mask()));
        } finally {
            close();
        }
    }

    /** nu_i*G + nu'_i*H = theta*L_i + r*XL_i and mu_i*G + mu'_i*H = delta*L_i + KL_i. */
    boolean opens(int slot, ShareValues values, SigningInputs inputs) {
        Point lambdaAt = lambda.at(slot);
        Point nu = Point.multiply(List.of(lambdaAt, keyLambda.at(slot)), List.of(inputs.theta(), inputs.r()));
        Point mu = lambdaAt.mul(inputs.delta()).add(kappaLambda.at(slot));
        return committed(values.nu(), values.nuMask()).equals(nu)
                && committed(values.mu(), values.muMask()).equals(mu);
    }

    @Override
    public void close() {
        shares.ifPresent(Shares::close);
        shares = Optional.empty();
    }

    private static Point committed(Scalar value, Scalar mask) {
        return Point.base(value).add(Pedersen.H.mul(mask));
    }

    private static Scalar revealed(List<Scalar> weights, SecretScalar first, SecretScalar second) {
        try (SecretScalar sum = Lagrange.combine(weights, List.of(first, second))) {
            return sum.reveal();
        }
    }
}
