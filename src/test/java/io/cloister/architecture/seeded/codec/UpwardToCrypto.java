package io.cloister.architecture.seeded.codec;

import io.cloister.architecture.seeded.crypto.Upward;

/** A plain codec that imports what stands on it. */
record UpwardToCrypto(Upward upward) {}
