package io.cloister.architecture.seeded.node.launch;

import io.cloister.architecture.seeded.api.DatabaseStarter;

/** A launcher that leans on the node. */
public record LeaningLauncher(DatabaseStarter node) {}
