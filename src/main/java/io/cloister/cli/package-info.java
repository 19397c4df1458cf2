/**
 * The commands: what a user or operator types. They speak to nodes by the public interface alone and check what nodes
 * say by the same code that nodes use on each other. Terminal output is made here and nowhere else.
 */
@NullMarked
package io.cloister.cli;

import org.jspecify.annotations.NullMarked;
