/**
 * The boot of a node inside the server: named steps in one fixed order on a thread of their own, and what health and
 * metrics say about them.
 *
 * <p>A step that fails, or that nobody contributes, stops the boot with its cause and leaves all data as it was; the
 * process stays up so that the cause can be read. This package knows no step: each is a bean of its own.
 */
@NullMarked
package io.cloister.node.boot;

import org.jspecify.annotations.NullMarked;
