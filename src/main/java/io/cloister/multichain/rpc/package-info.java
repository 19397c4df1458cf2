/**
 * The adapters that talk to chain nodes: JSON-RPC with exact integers and deadlines, agreement of several endpoints,
 * and watchers that are stepped by their owner and start no thread of their own.
 *
 * <p>Whatever a node answers is checked by the pure cores before it leaves this package: block hashes are recomputed,
 * Merkle roots rebuilt, receipts proved. An answer that cannot be checked (a tip, a fee rate) is named as the node's
 * word only. Written down in {@code docs/multichain.md}.
 */
@NullMarked
package io.cloister.multichain.rpc;

import org.jspecify.annotations.NullMarked;
