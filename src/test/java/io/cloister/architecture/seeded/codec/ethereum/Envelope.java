package io.cloister.architecture.seeded.codec.ethereum;

/** What stands on crypto. */
public final class Envelope {}
