package io.cloister.mpc.sharing;

import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import java.util.ArrayList;
import java.util.List;

/** A polynomial with secret coefficients, the constant one first. Closing it zeroes them. */
final class SecretPolynomial implements AutoCloseable {
    private final List<SecretScalar> coefficients;

    private SecretPolynomial(List<SecretScalar> coefficients) {
        this.coefficients = coefficients;
    }

    /** A copy of the constant and {@code degree} random coefficients. */
    static SecretPolynomial random(SecretScalar constant, int degree) {
        List<SecretScalar> coefficients = new ArrayList<>();
        coefficients.add(constant.copy());
        for (int m = 1; m <= degree; m++) {
            coefficients.add(SecretScalar.random());
        }
        return new SecretPolynomial(coefficients);
    }

    List<SecretScalar> coefficients() {
        return coefficients;
    }

    /** f(slot) by Horner's rule; the caller closes it. */
    SecretScalar at(int slot) {
        Scalar x = Scalar.of(slot);
        SecretScalar value = coefficients.getLast().copy();
        for (int m = coefficients.size() - 2; m >= 0; m--) {
            try (SecretScalar before = value;
                    SecretScalar scaled = before.mul(x)) {
                value = scaled.add(coefficients.get(m));
            }
        }
        return value;
    }

    @Override
    public void close() {
        coefficients.forEach(SecretScalar::close);
    }
}
