/**
 * A small tree laid out like the project's, each class of which breaks a rule; {@code RulesCanFailTest} asks the rules to
 * report every one. Nothing here is ever run.
 */
@NullMarked
package io.cloister.architecture.seeded;

import org.jspecify.annotations.NullMarked;
