/**
 * Verifying in named steps: how each ended, and the collecting of it. What the steps are and what they look at belongs
 * to the packages that verify, {@code snp} and {@code tpm}.
 *
 * <p>A pure core: it keeps outcomes in memory and never judges any. The names that a verdict lists are written down in
 * {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation.steps;

import org.jspecify.annotations.NullMarked;
