/**
 * The precompiled contracts: what each costs and what it answers, as functions of its input alone. A contract of a fork
 * that is not written yet says so and is never answered for. Sources: Yellow Paper appendix E, and the EIPs named
 * beside the code.
 */
@NullMarked
package io.cloister.evm.precompile;

import org.jspecify.annotations.NullMarked;
