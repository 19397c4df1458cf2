/**
 * An append-only journal in files of a folder: what a node must know again after a crash and cannot wait a database
 * commit for. Records are chained, checksummed in clear and sealed by the vault's envelope.
 *
 * <p>Recovery takes what an interrupted write left for nothing and refuses everything else by name. Nothing here is ever
 * deleted because it is damaged. Format and reasoning: {@code docs/vault.md}, section 5.
 */
@NullMarked
package io.cloister.vault.file;

import org.jspecify.annotations.NullMarked;
