package io.cloister.architecture.seeded.node.settings;

import io.cloister.architecture.seeded.node.launch.LeaningLauncher;

/** Settings that know the launcher. */
public record LaunchUser(LeaningLauncher launcher) {}
