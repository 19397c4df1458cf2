/**
 * The measurement by which a release is known where no launch digest exists, on simulated platforms.
 *
 * <p>A pure core: it hashes what it is given and opens no file. The formula is written down in {@code
 * docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation.release;

import org.jspecify.annotations.NullMarked;
