package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/**
 * Two statements of one validator that exclude each other. Both are signed, so anybody who knows the validators of that
 * epoch and height can check it.
 */
public sealed interface Evidence {
    int slot();

    long epoch();

    long height();

    int round();

    /** Whether the two really exclude each other and this validator signed both. */
    boolean convicts(String chainId, ValidatorSet validators, SignatureCheck check);

    /** Two votes of one type in one round for different values. */
    record DoubleVote(Vote first, Vote second) implements Evidence {
        @Override
        public int slot() {
            return first.slot();
        }

        @Override
        public long epoch() {
            return first.epoch();
        }

        @Override
        public long height() {
            return first.height();
        }

        @Override
        public int round() {
            return first.round();
        }

        @Override
        public boolean convicts(String chainId, ValidatorSet validators, SignatureCheck check) {
            return samePlace(first, second)
                    && first.type() == second.type()
                    && first.round() == second.round()
                    && !first.sameAs(second)
                    && first.isGenuine(chainId, validators, check)
                    && second.isGenuine(chainId, validators, check);
        }
    }

    /**
     * Amnesia: a precommit for one value and a later prevote for another one whose basis is older than that precommit.
     * Who still held the lock would have named a polka or a lock of a later round.
     */
    record ForgottenLock(Vote precommit, Vote prevote) implements Evidence {
        @Override
        public int slot() {
            return prevote.slot();
        }

        @Override
        public long epoch() {
            return prevote.epoch();
        }

        @Override
        public long height() {
            return prevote.height();
        }

        @Override
        public int round() {
            return prevote.round();
        }

        /** Whether two votes of one validator in one epoch and height are such a pair. */
        public static boolean holds(Vote precommit, Vote prevote) {
            return precommit.type() == VoteType.PRECOMMIT
                    && prevote.type() == VoteType.PREVOTE
                    && precommit.blockId().isPresent()
                    && prevote.blockId().isPresent()
                    && !precommit.sameAs(prevote)
                    && precommit.round() < prevote.round()
                    && precommit.round() > prevote.basis();
        }

        @Override
        public boolean convicts(String chainId, ValidatorSet validators, SignatureCheck check) {
            return samePlace(precommit, prevote)
                    && holds(precommit, prevote)
                    && precommit.isGenuine(chainId, validators, check)
                    && prevote.isGenuine(chainId, validators, check);
        }
    }

    /** Two proposals for one round that differ in their block or valid round; the blocks are named by their ids. */
    record DoubleProposal(
            int slot,
            long epoch,
            long height,
            int round,
            Bytes firstId,
            int firstValidRound,
            Bytes firstSignature,
            Bytes secondId,
            int secondValidRound,
            Bytes secondSignature)
            implements Evidence {
        @Override
        public boolean convicts(String chainId, ValidatorSet validators, SignatureCheck check) {
            boolean differ = !firstId.equals(secondId) || firstValidRound != secondValidRound;
            return differ
                    && isSigned(chainId, validators, check, firstId, firstValidRound, firstSignature)
                    && isSigned(chainId, validators, check, secondId, secondValidRound, secondSignature);
        }

        private boolean isSigned(
                String chainId, ValidatorSet validators, SignatureCheck check, Bytes id, int validRound, Bytes by) {
            Bytes digest = SignBytes.proposal(chainId, epoch, height, round, validRound, id);
            return validators
                    .bySlot(slot)
                    .filter(it -> check.genuine(it.voteKey(), digest, by))
                    .isPresent();
        }
    }

    private static boolean samePlace(Vote one, Vote other) {
        return one.slot() == other.slot() && one.epoch() == other.epoch() && one.height() == other.height();
    }

    /** Names the offence, whichever two votes show it: one slot is convicted once for one round. */
    default Bytes id() {
        return Hashes.sha256(
                new Writer().u16(slot()).u64(epoch()).u64(height()).u32(round()).toBytes());
    }

    default void encode(Writer writer) {
        switch (this) {
            case DoubleVote(Vote first, Vote second) -> {
                first.encode(writer.u8(1));
                second.encode(writer);
            }
            case ForgottenLock(Vote precommit, Vote prevote) -> {
                precommit.encode(writer.u8(2));
                prevote.encode(writer);
            }
            case DoubleProposal it -> {
                writer.u8(3).u16(it.slot).u64(it.epoch).u64(it.height).u32(it.round);
                writer.fixed(it.firstId).u32(it.firstValidRound + 1L).fixed(it.firstSignature);
                writer.fixed(it.secondId).u32(it.secondValidRound + 1L).fixed(it.secondSignature);
            }
        }
    }

    static Evidence decode(Reader reader) {
        int kind = reader.u8();
        return switch (kind) {
            case 1 -> new DoubleVote(Vote.decode(reader), Vote.decode(reader));
            case 2 -> new ForgottenLock(Vote.decode(reader), Vote.decode(reader));
            case 3 ->
                new DoubleProposal(
                        reader.u16(),
                        reader.u64(),
                        reader.u64(),
                        Limits.round(reader),
                        reader.fixed(Limits.HASH_BYTES),
                        Limits.round(reader) - 1,
                        reader.fixed(Limits.SIGNATURE_BYTES),
                        reader.fixed(Limits.HASH_BYTES),
                        Limits.round(reader) - 1,
                        reader.fixed(Limits.SIGNATURE_BYTES));
            default -> throw new CodecException(Reason.UNKNOWN, "evidence of kind " + kind);
        };
    }
}
