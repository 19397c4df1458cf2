/**
 * Mutually attested links between the nodes of a network: who is connected, with what verdict, and messages by topic.
 *
 * <p>Owns the port that other contexts talk through ({@link io.cloister.channel.PeerNetwork}) and what is counted and
 * refused. It never interprets a payload and never delivers one before both ends' evidence has been verified. The
 * protocol is written down in {@code docs/channel.md}.
 */
@NullMarked
package io.cloister.channel;

import org.jspecify.annotations.NullMarked;
