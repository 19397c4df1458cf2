/**
 * The public interface: thin resources over small questions to the ledger, the chain and the node. The contract is
 * {@code openapi/cloister.yaml}; what it says is what is served.
 *
 * <p>Nothing is decided here: what changes state becomes a transaction and is judged by the ledger. Errors are problem
 * documents with stable codes; secrets and requests of private simulations never reach a log.
 */
@NullMarked
package io.cloister.api;

import org.jspecify.annotations.NullMarked;
