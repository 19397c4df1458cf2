/**
 * Nodes as processes of their own: engine, attested channel, PostgreSQL store and ingress without the server around
 * them, for benchmarks and for tests that kill, cut off and starve.
 */
@NullMarked
package io.cloister.consensus.process;

import org.jspecify.annotations.NullMarked;
