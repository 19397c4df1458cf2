package io.cloister.bridge.runner;

import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.OutPoint;

/**
 * A payment to a gateway as this node sees it on the chain, before the ledger knows it.
 *
 * @param confirmations 0 while it waits in the mempool
 * @param required how many its value needs
 * @param late whether its block came after the gateway's time
 */
public record Sighting(Bytes gHash, OutPoint outPoint, long amount, long confirmations, int required, boolean late) {}
