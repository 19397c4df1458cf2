/**
 * The channel over gRPC: TLS 1.3 by the JDK's provider, one bidirectional stream for each pair of nodes, threads and
 * timers.
 *
 * <p>Runs the effects of {@code channel.handshake} and moves the frames of {@code channel.flow}. It never decides what
 * evidence is good and hands no payload out before the handshake machine said that both ends are verified. The wire is
 * written down in {@code docs/channel.md}.
 */
@NullMarked
package io.cloister.channel.grpc;

import org.jspecify.annotations.NullMarked;
