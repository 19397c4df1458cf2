package io.cloister.ledger.membership;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.codec.CodecException;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;

/** A member renews the evidence of its registered boot. */
final class Refreshing {
    private final BootEvidence evidence;

    Refreshing(EvidenceVerifier verifier) {
        this.evidence = new BootEvidence(verifier);
    }

    void check(Transaction transaction, View state) throws Refusal {
        renewed(transaction, state, Ledger.timeMillis(state), true);
    }

    void execute(Transaction transaction, Context context) throws Refusal {
        Member renewed = renewed(transaction, context, context.timeMillis(), false);
        Members.put(context, renewed);
        Attested.now(context, renewed.slot());
        context.emit("membership.evidence-renewed", renewed.encode());
    }

    private Member renewed(Transaction transaction, View state, long atMillis, boolean door) throws Refusal {
        Refresh refresh = decode(transaction);
        Member member = Members.all(state).stream()
                .filter(it -> it.voteKey().equals(transaction.sender()))
                .findFirst()
                .orElseThrow(() -> new Refusal("unknown-slot", "the sender has no slot"));
        boolean leaving = PendingChanges.at(state, member.slot())
                .filter(PendingChange::removes)
                .isPresent();
        if (leaving) {
            throw new Refusal("slot-is-leaving", "slot " + member.slot() + " loses its seat");
        }
        BootKeySet keys = refresh.evidence().keys();
        boolean registered = keys.voteKey33().equals(member.voteKey())
                && keys.shareKey33().equals(member.bootShareKey())
                && keys.bootCounter() == member.bootCounter();
        if (!registered) {
            throw new Refusal("keys-of-another-boot", "the evidence is not for the registered boot");
        }
        RecentBlock.require(state, refresh.height(), refresh.blockId(), door);
        return evidence.renewed(
                state,
                member,
                transaction.chainId(),
                refresh.evidence(),
                Refresh.leaf(transaction.chainId(), member.slot(), refresh.height(), refresh.blockId()),
                atMillis,
                member.activationHeight());
    }

    private static Refresh decode(Transaction transaction) throws Refusal {
        try {
            return Refresh.decode(transaction.body());
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }
}
