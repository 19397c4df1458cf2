package io.cloister.mpc.sharing;

import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The dealer's side of one sharing: the polynomial and, when masked, the polynomial that hides it. */
public final class SecretSharing implements AutoCloseable {
    private final SecretPolynomial value;
    private final Optional<SecretPolynomial> mask;
    private final Commitment commitment;

    private SecretSharing(SecretPolynomial value, Optional<SecretPolynomial> mask) {
        this.value = value;
        this.mask = mask;
        this.commitment = commit(value, mask);
    }

    /** A simple sharing of a value (copied) by a random polynomial of the degree. */
    public static SecretSharing simple(SecretScalar value, int degree) {
        return new SecretSharing(SecretPolynomial.random(value, degree), Optional.empty());
    }

    /** A masked sharing of a value under a mask (both copied). */
    public static SecretSharing masked(SecretScalar value, SecretScalar mask, int degree) {
        return new SecretSharing(
                SecretPolynomial.random(value, degree), Optional.of(SecretPolynomial.random(mask, degree)));
    }

    /** A sharing of a fresh random value. */
    public static SecretSharing random(SharingKind kind, int degree) {
        try (SecretScalar value = SecretScalar.random();
                SecretScalar hiding = SecretScalar.random()) {
            return kind == SharingKind.SIMPLE ? simple(value, degree) : masked(value, hiding, degree);
        }
    }

    public Commitment commitment() {
        return commitment;
    }

    private static Commitment commit(SecretPolynomial value, Optional<SecretPolynomial> mask) {
        List<Point> points = new ArrayList<>();
        List<SecretScalar> coefficients = value.coefficients();
        for (int m = 0; m < coefficients.size(); m++) {
            SecretScalar a = coefficients.get(m);
            points.add(
                    mask.isPresent()
                            ? Pedersen.commit(a, mask.get().coefficients().get(m))
                            : Point.base(a));
        }
        return new Commitment(mask.isPresent() ? SharingKind.MASKED : SharingKind.SIMPLE, points);
    }

    /** The share of a slot; the caller closes it. */
    public Share share(int slot) {
        return mask.map(m -> Share.masked(value.at(slot), m.at(slot))).orElseGet(() -> Share.simple(value.at(slot)));
    }

    @Override
    public void close() {
        value.close();
        mask.ifPresent(SecretPolynomial::close);
    }
}
