/**
 * The vault on PostgreSQL: the key hierarchy on Tink, the registry of protected tables, batched reading and writing of
 * rows, journals, and the walk that compares the database with the declarations.
 *
 * <p>Works on plain {@code javax.sql} connections and never decides when to commit, except for the vault's own key rows
 * and for journals, which bring their own connection. The scheme is written down in {@code docs/vault.md}.
 */
@NullMarked
package io.cloister.vault.store;

import org.jspecify.annotations.NullMarked;
