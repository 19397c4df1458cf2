package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;

/**
 * Proof that a block was decided: precommits of one round by strictly more than two thirds of the weight, in strictly
 * rising order of slots. Anybody with the header and the validator set can check it without the chain.
 */
public record Certificate(long epoch, long height, int round, Bytes blockId, List<CommitSignature> signatures) {
    /** Why a certificate proves nothing. */
    public enum Flaw {
        /** The validator set is not the one of the header. */
        OTHER_VALIDATORS,
        /** The certificate is for another height than the header's. */
        OTHER_HEIGHT,
        /** The certificate is for another block than the header's. */
        OTHER_BLOCK,
        /** The certificate is of another epoch than can have decided the header. */
        OTHER_EPOCH,
        /** The keys of the certificate's epoch are not those that the slots claimed. */
        BAD_KEYS,
        /** A signature by a slot that is not in the set. */
        UNKNOWN_SLOT,
        /** A signature that is not its slot's over these sign-bytes: another chain, epoch, type or signer. */
        BAD_SIGNATURE,
        /** Two thirds of the weight or less. */
        NO_QUORUM
    }

    public Certificate {
        Limits.require(epoch >= 0, "epoch " + epoch);
        Limits.require(height >= 1, "height " + height);
        Limits.require(round >= 0 && round <= Limits.ROUND, "round " + round);
        Limits.length(blockId, Limits.HASH_BYTES, "a block id");
        signatures = List.copyOf(signatures);
        requireRising(signatures);
    }

    /**
     * Checks the certificate of a header whose validators are these; a caller must know both to be the chain's.
     *
     * @param keys of the certificate's epoch, for a block that a later epoch than its own decided; else ignored
     */
    public Optional<Flaw> flaw(Header header, ValidatorSet validators, List<KeyClaim> keys, SignatureCheck check) {
        if (epoch == header.epoch()) {
            return flaw(header, validators, check);
        }
        if (epoch < header.epoch() || !validators.hash().equals(header.validatorsHash())) {
            return Optional.of(epoch < header.epoch() ? Flaw.OTHER_EPOCH : Flaw.OTHER_VALIDATORS);
        }
        return KeyClaim.apply(validators, header.chainId(), epoch, keys, check)
                .map(voters -> signed(header, voters, check))
                .orElse(Optional.of(Flaw.BAD_KEYS));
    }

    /** The same for the certificate of the header's own epoch. */
    public Optional<Flaw> flaw(Header header, ValidatorSet validators, SignatureCheck check) {
        if (epoch != header.epoch()) {
            return Optional.of(Flaw.OTHER_EPOCH);
        }
        if (!validators.hash().equals(header.validatorsHash())) {
            return Optional.of(Flaw.OTHER_VALIDATORS);
        }
        return signed(header, validators, check);
    }

    private Optional<Flaw> signed(Header header, ValidatorSet voters, SignatureCheck check) {
        if (height != header.height()) {
            return Optional.of(Flaw.OTHER_HEIGHT);
        }
        if (!blockId.equals(header.id())) {
            return Optional.of(Flaw.OTHER_BLOCK);
        }
        Bytes digest = SignBytes.vote(header.chainId(), epoch, height, round, VoteType.PRECOMMIT, Optional.of(blockId));
        return flaw(digest, signatures, voters, check);
    }

    /** The same with real signatures. */
    public Optional<Flaw> flaw(Header header, ValidatorSet validators) {
        return flaw(header, validators, SignatureCheck.SECP256K1);
    }

    /** Whether these signatures over one digest are genuine and strictly more than two thirds of the weight. */
    public static Optional<Flaw> flaw(
            Bytes digest, List<CommitSignature> signatures, ValidatorSet validators, SignatureCheck check) {
        long weight = 0;
        for (CommitSignature signature : signatures) {
            Optional<Validator> signer = validators.bySlot(signature.slot());
            if (signer.isEmpty()) {
                return Optional.of(Flaw.UNKNOWN_SLOT);
            }
            weight += signer.get().weight();
        }
        if (!validators.isQuorum(weight)) {
            return Optional.of(Flaw.NO_QUORUM);
        }
        for (CommitSignature signature : signatures) {
            Bytes key = validators.bySlot(signature.slot()).orElseThrow().voteKey();
            if (!check.genuine(key, digest, signature.signature())) {
                return Optional.of(Flaw.BAD_SIGNATURE);
            }
        }
        return Optional.empty();
    }

    /** @throws CodecException NOT_CANONICAL when a slot stands twice or out of order */
    public static void requireRising(List<CommitSignature> signatures) {
        Limits.require(
                !signatures.isEmpty() && signatures.size() <= Limits.VALIDATORS, signatures.size() + " signatures");
        int last = 0;
        for (CommitSignature signature : signatures) {
            if (signature.slot() <= last) {
                throw new CodecException(Reason.NOT_CANONICAL, "signatures not in rising order of slots");
            }
            last = signature.slot();
        }
    }

    public Bytes encode() {
        Writer writer = new Writer();
        encode(writer);
        return writer.toBytes();
    }

    public void encode(Writer writer) {
        writer.u64(epoch).u64(height).u32(round).fixed(blockId).list(signatures, (w, signature) -> signature.encode(w));
    }

    public static Certificate decode(Reader reader) {
        return new Certificate(
                reader.u64(),
                reader.u64(),
                Limits.round(reader),
                reader.fixed(Limits.HASH_BYTES),
                reader.list(Limits.VALIDATORS, CommitSignature::decode));
    }
}
