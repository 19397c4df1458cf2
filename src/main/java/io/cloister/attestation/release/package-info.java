/**
 * What a release is, who signed it, and what a running guest proves about it: launch digests, ID blocks, the signed
 * manifest with its revocations, and the two rungs of proof. Also the {@code Measurement} by which a release is known on
 * simulated platforms.
 *
 * <p>A pure core: it judges the bytes that it is given, opens no file and asks no clock. Formats and rules are written
 * down in {@code docs/release.md}, the measurement in {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation.release;

import org.jspecify.annotations.NullMarked;
