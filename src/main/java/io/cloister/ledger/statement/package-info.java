/**
 * The network's safety argument in one document: which weight of the validators is attested, as what, and whether more
 * than two thirds of it satisfy the network's policy.
 *
 * <p>A statement is a pure function of the proof that travels with it, so whoever holds both computes it again and needs
 * nobody's word. Nothing is fetched here and no clock is asked: the moment is the block's. The document is written down in
 * {@code docs/attestation.md}.
 */
@NullMarked
package io.cloister.ledger.statement;

import org.jspecify.annotations.NullMarked;
