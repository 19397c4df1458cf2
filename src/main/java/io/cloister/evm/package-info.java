/**
 * The Ethereum virtual machine for Cancun, Prague and Osaka and the simulation of one transaction on it.
 *
 * <p>All of it is a core: no threads, files, sockets or clocks; state comes through {@code StateSource}, and a read
 * that nothing covers is an error, never zero. It holds no keys, so that a process without secrets can run it for
 * strangers. Callers use {@code Simulator}; how it is done and what is missing stands in docs/evm.md. Sources: Yellow
 * Paper, and the EIPs named beside the code.
 */
@NullMarked
package io.cloister.evm;

import org.jspecify.annotations.NullMarked;
