/**
 * The vault's face and its pure core: what a sealed and authenticated row is, which bytes are bound to it, how a
 * table's rows are summed up, how journal entries hang together, and the declarations of every table and column.
 *
 * <p>This package never opens a connection, never holds a key and knows neither Tink nor Hibernate; those live in
 * {@code vault.store}, {@code vault.hibernate} and {@code vault.identity}. The scheme is written down in {@code
 * docs/vault.md}.
 */
@NullMarked
package io.cloister.vault;

import org.jspecify.annotations.NullMarked;
