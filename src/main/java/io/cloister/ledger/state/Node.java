package io.cloister.ledger.state;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/** A node of the state tree. Hashes are computed when first asked for and kept, because most versions are discarded. */
sealed interface Node {

    Bytes hash();

    /** A key with its value. Hash: {@code SHA-256(0x00 || u32 length || key || SHA-256(value))}. */
    final class Leaf implements Node {
        final Bytes key;
        final Bytes value;
        private Bytes hash = Bytes.EMPTY;

        Leaf(Bytes key, Bytes value) {
            this.key = key;
            this.value = value;
        }

        @Override
        public Bytes hash() {
            if (hash.isEmpty()) {
                hash = hashOf(key, Hashes.sha256(value));
            }
            return hash;
        }

        static Bytes hashOf(Bytes key, Bytes valueHash) {
            return Hashes.sha256(new Writer().u8(0).bytes(key).fixed(valueHash).toBytes());
        }
    }

    /**
     * A fork at the first bit in which the keys below differ; smaller keys are on the left. Hash:
     * {@code SHA-256(0x01 || u32 bit || left || right)}.
     */
    final class Fork implements Node {
        final int bit;
        final Node left;
        final Node right;
        private Bytes hash = Bytes.EMPTY;

        Fork(int bit, Node left, Node right) {
            this.bit = bit;
            this.left = left;
            this.right = right;
        }

        @Override
        public Bytes hash() {
            if (hash.isEmpty()) {
                hash = hashOf(bit, left.hash(), right.hash());
            }
            return hash;
        }

        static Bytes hashOf(int bit, Bytes left, Bytes right) {
            return Hashes.sha256(
                    new Writer().u8(1).u32(bit).fixed(left).fixed(right).toBytes());
        }
    }
}
