/**
 * The peers' part of the state's key: asked for and handed out over verified channels.
 *
 * <p>A node hands out a part only to the node that it is kept for, whose evidence it has verified. Messages are written
 * down in {@code docs/node.md}.
 */
@NullMarked
package io.cloister.node.parts;

import org.jspecify.annotations.NullMarked;
