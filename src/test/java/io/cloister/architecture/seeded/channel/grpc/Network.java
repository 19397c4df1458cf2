package io.cloister.architecture.seeded.channel.grpc;

/** An adapter that a seeded core uses. */
public final class Network {}
