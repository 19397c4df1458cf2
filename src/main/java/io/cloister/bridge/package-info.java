/**
 * The transfers: gateways, deposits, mints, burns, releases, fees and the accounts of each asset.
 *
 * <p>{@link io.cloister.bridge.BridgeModule} is the deterministic part: transaction in, changes of the state and
 * signing requests out. It sees other chains only through proofs and observations that validators have signed. Runners
 * watch the chains and bring what the state asks for. The rules are written down in {@code docs/bridge.md}.
 */
@NullMarked
package io.cloister.bridge;

import org.jspecify.annotations.NullMarked;
