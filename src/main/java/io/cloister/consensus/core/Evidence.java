package io.cloister.consensus.core;

import io.cloister.codec.Bytes;

/** Two statements of one validator that exclude each other. Both are signed, so anybody can check it. */
public sealed interface Evidence {
    int slot();

    long height();

    int round();

    /** Two votes of one type in one round for different values. */
    record DoubleVote(Vote first, Vote second) implements Evidence {
        @Override
        public int slot() {
            return first.slot();
        }

        @Override
        public long height() {
            return first.height();
        }

        @Override
        public int round() {
            return first.round();
        }
    }

    /** Two proposals for one round; the blocks are named by their ids. */
    record DoubleProposal(
            int slot,
            long height,
            int round,
            Bytes firstId,
            int firstValidRound,
            Bytes firstSignature,
            Bytes secondId,
            int secondValidRound,
            Bytes secondSignature)
            implements Evidence {}
}
