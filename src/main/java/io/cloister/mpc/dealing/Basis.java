package io.cloister.mpc.dealing;

import io.cloister.crypto.Point;
import java.util.List;

/** What a dealer's proofs are checked against: the transcripts that its dealing builds on, evaluated at its slot. */
public sealed interface Basis {
    /** Random sharings prove nothing. */
    record Nothing() implements Basis {}

    /** The masked commitment to the dealer's share, C_i. */
    record Unmasking(Point committed) implements Basis {}

    /** Commitments to multiplier and multiplicand for each sharing, in order. */
    record Products(List<Point> multipliers, List<Point> multiplicands) implements Basis {
        public Products {
            multipliers = List.copyOf(multipliers);
            multiplicands = List.copyOf(multiplicands);
        }
    }
}
