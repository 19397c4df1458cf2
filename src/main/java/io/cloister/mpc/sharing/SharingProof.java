package io.cloister.mpc.sharing;

import io.cloister.codec.Writer;

/** A proof that stands beside one sharing of a dealing. */
public sealed interface SharingProof permits UnmaskProof, ProductProof {
    void encode(Writer writer);
}
