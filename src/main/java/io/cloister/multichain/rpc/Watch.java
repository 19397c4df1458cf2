package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;

/**
 * Which payments to a script are of interest. Whatever else strangers pay to it is not even kept.
 *
 * @param minimum least value
 * @param untilSeconds latest time in the header of the paying block
 */
public record Watch(Bytes script, long minimum, long untilSeconds) {}
