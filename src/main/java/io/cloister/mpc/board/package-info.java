/**
 * Module 2 of the ledger: the replicated bookkeeping of dealings, keys, the presignature pool and signing requests.
 *
 * <p>Deterministic and pure. It fixes by block order which dealings count, who holds what, and which presignature
 * serves which request; it checks supports, complaints and final signatures, and never sees a secret. State layout,
 * transactions and rules are in docs/mpc.md, section "The board".
 */
@NullMarked
package io.cloister.mpc.board;

import org.jspecify.annotations.NullMarked;
