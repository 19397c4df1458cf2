package io.cloister.architecture.seeded.crypto;

import io.cloister.architecture.seeded.codec.ethereum.Envelope;

/** Crypto that imports what stands on it. */
public record Upward(Envelope envelope) {}
