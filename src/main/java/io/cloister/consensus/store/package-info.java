/**
 * What a node remembers: decided blocks with certificates, the validator sets that they name, the application's state,
 * and the log of what it signed at the height in progress.
 *
 * <p>The two ports say what must be durable and when; the PostgreSQL side writes a block, its certificate and all state
 * changes in one transaction, every row sealed and authenticated by the vault. Nothing here decides anything: what is
 * read back is verified by {@code consensus.engine} at start.
 */
@NullMarked
package io.cloister.consensus.store;

import org.jspecify.annotations.NullMarked;
