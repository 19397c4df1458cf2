/**
 * What a node proves about itself and how others judge it: boot key sets, leaves, evidence, and the two acts of
 * verifying (is it genuine?) and appraising (is it good enough for this policy?), which end in one {@code Verdict}.
 *
 * <p>A pure core: bytes, a policy and an instant come in, a verdict goes out. It never fetches anything and never
 * decides on defaults: what a policy does not allow is refused. The layout of REPORT_DATA and the meaning of each
 * check are written down in {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.attestation;

import org.jspecify.annotations.NullMarked;
