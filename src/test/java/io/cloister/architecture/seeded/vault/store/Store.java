package io.cloister.architecture.seeded.vault.store;

/** An adapter that a seeded core uses. */
public final class Store {}
