package io.cloister.architecture.seeded.api;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** A class beside the command line that knows the embedded database. */
public record DatabaseStarter(EmbeddedPostgres database) {}
