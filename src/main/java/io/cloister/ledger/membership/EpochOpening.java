package io.cloister.ledger.membership;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Writer;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first own block of an epoch puts the keys of its statements in the place of older ones. Evidence is judged at the same
 * moment as when consensus accepted the statements.
 */
final class EpochOpening {
    private final BootEvidence evidence;

    EpochOpening(EvidenceVerifier verifier) {
        this.evidence = new BootEvidence(verifier);
    }

    boolean isEvidence(View state, ValidatorSet set, KeyClaim claim, Bytes encoded) {
        Optional<Bytes> nodeId = set.bySlot(claim.slot()).map(Validator::nodeId);
        try {
            Optional<Member> member =
                    Members.at(state, claim.slot()).filter(it -> nodeId.equals(Optional.of(it.nodeId())));
            if (member.isEmpty()) {
                return false;
            }
            return !Members.isTaken(state, renewed(state, member.get(), claim, encoded, 0));
        } catch (Refusal | CodecException e) {
            return false;
        }
    }

    /** @return the members with new keys */
    List<Member> open(Context context, Opening opening) throws InvalidBlock {
        List<Member> replaced = new ArrayList<>();
        for (Statement statement : opening.statements()) {
            KeyClaim claim = statement.claim();
            Optional<Member> member = Members.at(context, claim.slot());
            if (member.isPresent() && claim.bootCounter() > member.get().bootCounter()) {
                replaced.add(replace(context, member.get(), statement));
            }
            cancelOlder(context, claim);
        }
        long count = Members.recoveries(context) + 1;
        context.put(Members.RECOVERIES, new Writer().u64(count).toBytes());
        context.emit(
                "membership.epoch-opened",
                new Writer().u64(opening.epoch()).u64(count).toBytes());
        return replaced;
    }

    private Member replace(Context context, Member member, Statement statement) throws InvalidBlock {
        try {
            Member renewed = renewed(context, member, statement.claim(), statement.evidence(), context.height());
            Members.put(context, renewed);
            Attested.now(context, renewed.slot());
            cancelSameKey(context, renewed);
            context.emit("membership.keys-changed", renewed.encode());
            return renewed;
        } catch (Refusal | CodecException e) {
            throw new InvalidBlock("the statement of slot " + member.slot() + ": " + e.getMessage());
        }
    }

    private Member renewed(View state, Member member, KeyClaim claim, Bytes encoded, long activationHeight)
            throws Refusal {
        Evidence of = Evidence.decode(encoded);
        boolean claimed =
                of.keys().voteKey33().equals(claim.voteKey()) && of.keys().bootCounter() == claim.bootCounter();
        if (!claimed) {
            throw new Refusal("keys-of-another-node", "the evidence is for another boot than the statement");
        }
        return evidence.renewed(
                state,
                member,
                claim.chainId(),
                of,
                RecoveryLeaf.of(claim.chainId(), claim.slot(), claim.recovery()),
                JudgingTime.of(state, of),
                activationHeight);
    }

    /** The block before may have ordered this very key for another slot, which must not stop the chain. */
    private static void cancelSameKey(Context context, Member renewed) {
        PendingChanges.all(context).stream()
                .flatMap(it -> it.member().stream())
                .filter(it -> it.slot() != renewed.slot() && it.voteKey().equals(renewed.voteKey()))
                .forEach(it -> PendingChanges.remove(context, it.slot()));
    }

    private static void cancelOlder(Context context, KeyClaim claim) {
        boolean older = PendingChanges.at(context, claim.slot())
                .flatMap(PendingChange::member)
                .filter(it -> it.bootCounter() <= claim.bootCounter())
                .isPresent();
        if (older) {
            PendingChanges.remove(context, claim.slot());
        }
    }
}
