/**
 * Where the certificates behind a report come from when the host's table lacks them: a folder on disk that an operator
 * fills, for machines without a way to AMD's key distribution service.
 *
 * <p>Nothing here is trusted or checked beyond being readable; the verifier pins AMD's roots. Files and names are
 * written down in {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation.kds;

import org.jspecify.annotations.NullMarked;
