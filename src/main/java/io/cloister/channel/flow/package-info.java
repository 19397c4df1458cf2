/**
 * What moves over an established connection: frames, priority queues, credits, reassembly, limits and scores. Pure.
 *
 * <p>Bounds everything that a peer can make us hold. It never decides who may connect, reads no clock (times come in)
 * and starts no thread; its classes are not thread-safe unless they say so. Rules are numbered F1 to F8 in {@code
 * docs/channel.md}.
 */
@NullMarked
package io.cloister.channel.flow;

import org.jspecify.annotations.NullMarked;
