/**
 * The vault's own records: the node's identity with its boot counter, the parts kept for peers, key shares and
 * settings, as sealed Hibernate entities behind small services.
 *
 * <p>Entities never leave this package; secrets leave it only as types that can be closed. The scheme is written down
 * in {@code docs/vault.md}.
 */
@NullMarked
package io.cloister.vault.identity;

import org.jspecify.annotations.NullMarked;
