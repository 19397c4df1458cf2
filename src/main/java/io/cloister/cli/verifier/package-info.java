/**
 * The program of {@code cloister-verifier.jar}: checks a receipt with the Java runtime alone.
 *
 * <p>Owns nothing but its arguments and what it prints; the check is that of the receipt's bundle. Written down in
 * {@code docs/receipts.md}.
 */
@NullMarked
package io.cloister.cli.verifier;

import org.jspecify.annotations.NullMarked;
