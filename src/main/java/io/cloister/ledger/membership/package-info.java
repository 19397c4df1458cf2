/**
 * The membership module: who the members of the committee are, with which keys, and since which boot.
 *
 * <p>It decides about evidence from the transaction's bytes, the policy in the state and block time alone. It never
 * asks a network, a clock or a local policy. The rules are in {@code docs/ledger.md}.
 */
@NullMarked
package io.cloister.ledger.membership;

import org.jspecify.annotations.NullMarked;
