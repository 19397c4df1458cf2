/**
 * The algebra of the suite over secp256k1: degree-t polynomials, simple and masked commitments, Lagrange interpolation,
 * the four proofs of knowledge, and public-key derivation.
 *
 * <p>Pure: no clock, thread or I/O. Secrets are {@code SecretScalar}s that their owner closes; what is public is {@code
 * Scalar} and {@code Point}. It never decides who deals or what is ordered. Formulas: docs/mpc.md, section "Algebra".
 */
@NullMarked
package io.cloister.mpc.sharing;

import org.jspecify.annotations.NullMarked;
