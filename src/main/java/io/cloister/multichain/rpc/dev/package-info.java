/**
 * Real chains for the demo and for tests: Litecoin Core in regtest mode and anvil as child processes on loopback, with
 * helpers that mine, fund and deploy. A closed controller leaves no process behind.
 *
 * <p>Holds keys of test money only; no node of a network with value ever loads this package.
 */
@NullMarked
package io.cloister.multichain.rpc.dev;

import org.jspecify.annotations.NullMarked;
