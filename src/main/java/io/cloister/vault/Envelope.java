package io.cloister.vault;

import io.cloister.codec.Bytes;

/**
 * Seals cells and authenticates rows of one level. Deployment, node, level and key epoch are added to what the caller
 * names, so that a value opens only at the place, version and node it was sealed for. Thread-safe.
 *
 * <p>Every method throws {@link VaultException} once the vault is closed.
 */
public interface Envelope {
    /** AES-256-GCM under the newest key epoch: {@code 01 || key epoch u32 || nonce 12 || ciphertext || tag 16}. */
    Bytes seal(Cell cell, Bytes plaintext);

    /**
     * Opens what {@link #seal} gave.
     *
     * @throws TamperedException naming the cell, when these bytes were not sealed for exactly this cell
     */
    Bytes open(Cell cell, Bytes sealed);

    /**
     * Authenticates everything in a row that is not sealed by itself: {@code key epoch u32 || PRF output 32}.
     *
     * @param publicColumns a canonical encoding of the columns, chosen by the caller
     */
    Bytes tag(Row row, Bytes publicColumns);

    /**
     * Checks what {@link #tag} gave.
     *
     * @throws TamperedException naming the row, when the tag was not made for exactly this row and these columns
     */
    void check(Row row, Bytes publicColumns, Bytes tag);
}
