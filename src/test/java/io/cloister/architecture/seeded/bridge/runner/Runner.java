package io.cloister.architecture.seeded.bridge.runner;

/** An adapter that a seeded core uses. */
public final class Runner {}
