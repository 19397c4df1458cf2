/**
 * Verifiable dealings: making one, checking one, opening one's own ciphertext, complaining about one, and combining a
 * set of them into a transcript.
 *
 * <p>Pure and without a clock. It decides whether a dealing is right, never whether it is included: that is the board's
 * part. Message layouts and formulas: docs/mpc.md, section "Dealings".
 */
@NullMarked
package io.cloister.mpc.dealing;

import org.jspecify.annotations.NullMarked;
