package io.cloister.architecture.seeded.consensus.engine;

/** An adapter that a seeded core uses. */
public final class Engine {}
