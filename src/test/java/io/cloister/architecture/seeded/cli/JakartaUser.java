package io.cloister.architecture.seeded.cli;

import jakarta.inject.Provider;

/** A command that needs the server. */
public record JakartaUser(Provider<Object> provider) {}
