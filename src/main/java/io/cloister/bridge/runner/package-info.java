/**
 * Brings the outside world to the bridge module and the module's releases to the outside world.
 *
 * <p>A runner reads from the committed state what is wanted, asks its chain, and submits transactions; it keeps nothing
 * that it could not find again after a restart. It decides nothing: what it submits is proved or stated, and the module
 * judges. Written down in {@code docs/bridge.md}.
 */
@NullMarked
package io.cloister.bridge.runner;

import org.jspecify.annotations.NullMarked;
