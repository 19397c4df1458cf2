/**
 * Hashes, Merkle trees, secp256k1, HPKE and the types that hold secrets.
 *
 * <p>Public values ({@code Scalar}, {@code Point}) and secret values ({@code SecretScalar}, {@code SecretBytes}) are
 * types of their own: what touches a secret runs in constant time, natively in libsecp256k1 or on off-heap limbs, and
 * is zeroed on close. This package never stores, logs or serialises a secret and never talks to anybody. Sources: SEC
 * 1, SEC 2, RFC 5869, RFC 6962, RFC 6979, RFC 9180, RFC 9380.
 */
@NullMarked
package io.cloister.crypto;

import org.jspecify.annotations.NullMarked;
