package io.cloister.architecture.seeded.stranger;

/** A class of no context. */
public final class Stranger {}
