package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;

/**
 * What a verifier trusts before it sees a receipt.
 *
 * @param validatorsHash of the set that decides the block of this height
 */
public record Anchor(long height, Bytes validatorsHash) {
    public Anchor {
        if (height < 1 || validatorsHash.length() != 32) {
            throw new IllegalArgumentException("an anchor is 32 bytes of hash at a height from 1 on");
        }
    }

    /**
     * Reads {@code HASH@HEIGHT}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Anchor parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("an anchor is HASH@HEIGHT");
        }
        return new Anchor(Long.parseLong(text.substring(at + 1)), Bytes.hex(text.substring(0, at)));
    }

    @Override
    public String toString() {
        return validatorsHash.to0x() + "@" + height;
    }
}
