/** The program of {@code cloister-verifier.jar}: checks a receipt with the Java runtime alone. */
@NullMarked
package io.cloister.cli.verifier;

import org.jspecify.annotations.NullMarked;
