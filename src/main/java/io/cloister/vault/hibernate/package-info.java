/**
 * Seals and authenticates Hibernate entities: listeners on the state arrays encrypt before insert and update and
 * decrypt before an entity is filled, so that reading never makes an entity dirty; the registry is updated before the
 * transaction completes.
 *
 * <p>Fails closed: without an attached vault no entity can be read or written. Bulk and native statements on protected
 * tables go past the listeners and are noticed by the registry. The scheme is written down in {@code docs/vault.md}.
 */
@NullMarked
package io.cloister.vault.hibernate;

import org.jspecify.annotations.NullMarked;
