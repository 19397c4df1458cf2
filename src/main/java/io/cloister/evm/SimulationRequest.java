package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.EthereumTransaction;

/**
 * One transaction to simulate.
 *
 * @param sender 20 bytes; whoever asks may name any sender, because nothing is sent
 * @param state the state before the transaction
 */
public record SimulationRequest(
        Fork fork, BlockEnvironment block, Bytes sender, EthereumTransaction transaction, StateSource state) {}
