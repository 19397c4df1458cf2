package io.cloister.attestation.kds;

import io.cloister.codec.Bytes;

/**
 * The two certificates above a leaf, DER.
 *
 * @param intermediate ASK or ASVK
 * @param root ARK
 */
public record Issuers(Bytes intermediate, Bytes root) {}
