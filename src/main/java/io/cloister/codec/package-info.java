/**
 * Immutable byte strings and the fixed big-endian binary codec that every signed, hashed or stored record of Cloister
 * uses.
 *
 * <p>Every value has exactly one encoding; a reader refuses all others. This package never hashes, never encrypts and
 * knows no other package of the project. Ethereum's own formats live in {@code io.cloister.codec.ethereum}.
 */
@NullMarked
package io.cloister.codec;

import org.jspecify.annotations.NullMarked;
