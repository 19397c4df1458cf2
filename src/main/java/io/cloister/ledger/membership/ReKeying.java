package io.cloister.ledger.membership;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.util.Optional;

/** A slot goes over to the keys of a new boot while a quorum of vote keys is alive. */
final class ReKeying {
    private static final long DOOR = 0;

    private final BootEvidence evidence;

    ReKeying(EvidenceVerifier verifier) {
        this.evidence = new BootEvidence(verifier);
    }

    /** The slot's node id, when its slot key signed these keys and the new vote key is the sender. */
    Optional<Bytes> guarantor(Transaction transaction, View state) {
        try {
            ReKey reKey = decode(transaction);
            return Members.at(state, reKey.slot())
                    .map(Member::nodeId)
                    .filter(it -> isOfSender(reKey, transaction) && reKey.isSignedBy(it));
        } catch (Refusal | CodecException e) {
            return Optional.empty();
        }
    }

    /** At the door everything is judged, with the time of the last block, so that only a sound one takes up room. */
    void check(Transaction transaction, View state) throws Refusal {
        renewed(transaction, state, Ledger.timeMillis(state), DOOR);
    }

    void execute(Transaction transaction, Context context) throws Refusal {
        Member renewed = renewed(transaction, context, context.timeMillis(), PendingChange.inForce(context.height()));
        PendingChanges.order(context, renewed.slot(), Optional.of(renewed));
        context.emit("membership.re-key-ordered", renewed.encode());
    }

    private Member renewed(Transaction transaction, View state, long atMillis, long activationHeight) throws Refusal {
        ReKey reKey = decode(transaction);
        Member member = Members.at(state, reKey.slot())
                .orElseThrow(() -> new Refusal("unknown-slot", "no member has slot " + reKey.slot()));
        if (!isOfSender(reKey, transaction)) {
            throw new Refusal("sender-is-not-the-new-key", "the sender is not the vote key of the boot");
        }
        requireNewer(reKey.evidence().keys(), member, PendingChanges.at(state, reKey.slot()));
        if (!reKey.isSignedBy(member.nodeId())) {
            throw new Refusal("slot-signature-invalid", "the slot key did not sign the boot keys");
        }
        RecentBlock.require(state, reKey.height(), reKey.blockId(), activationHeight == DOOR);
        Member renewed = evidence.renewed(
                state,
                member,
                transaction.chainId(),
                reKey.evidence(),
                ReKey.leaf(transaction.chainId(), reKey.slot(), reKey.height(), reKey.blockId()),
                atMillis,
                activationHeight);
        if (Members.isTaken(state, renewed)) {
            throw new Refusal("vote-key-taken", "the vote key is another slot's");
        }
        return renewed;
    }

    private static boolean isOfSender(ReKey reKey, Transaction transaction) {
        return reKey.evidence().keys().voteKey33().equals(transaction.sender());
    }

    private static void requireNewer(BootKeySet keys, Member member, Optional<PendingChange> pending) throws Refusal {
        if (pending.filter(it -> !it.isOf(member.nodeId())).isPresent()) {
            throw new Refusal("slot-is-leaving", "slot " + member.slot() + " loses its seat");
        }
        long known = Math.max(
                member.bootCounter(),
                pending.flatMap(PendingChange::member).map(Member::bootCounter).orElse(0L));
        if (keys.bootCounter() <= known) {
            throw new Refusal("boot-counter-not-newer", "boot " + known + " is already known");
        }
    }

    private static ReKey decode(Transaction transaction) throws Refusal {
        try {
            return ReKey.decode(transaction.body());
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }
}
