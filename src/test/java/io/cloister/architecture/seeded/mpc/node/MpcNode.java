package io.cloister.architecture.seeded.mpc.node;

/** An adapter that a seeded core uses. */
public final class MpcNode {}
