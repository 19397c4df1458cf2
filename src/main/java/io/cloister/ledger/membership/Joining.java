package io.cloister.ledger.membership;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Point;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.util.Optional;

/** A node joins by its operator's grant: in a free slot, or in the place of the slot's member. */
final class Joining {
    private static final int MAX_MEMBERS = 256;
    private static final long DOOR = 0;

    private final BootEvidence evidence;

    Joining(EvidenceVerifier verifier) {
        this.evidence = new BootEvidence(verifier);
    }

    /** The operator, when it granted the seat to the node whose new vote key is the sender. */
    Optional<Bytes> guarantor(Transaction transaction, View state) {
        try {
            Join join = decode(transaction);
            requireOrdered(join.grant(), transaction.chainId(), state);
            requireSender(join, transaction);
            return Optional.of(join.grant().operator());
        } catch (Refusal e) {
            return Optional.empty();
        }
    }

    void check(Transaction transaction, View state) throws Refusal {
        joined(decode(transaction), transaction, state, Ledger.timeMillis(state), DOOR);
    }

    void execute(Transaction transaction, Context context) throws Refusal {
        Join join = decode(transaction);
        SeatGrant grant = join.grant();
        Member joined = joined(join, transaction, context, context.timeMillis(), context.height());
        Proposals.requireNone(context);
        if (grant.replaces() && !Holders.areEnoughWithout(context, grant.slot())) {
            throw new Refusal("too-few-holders", "too few nodes that hold shares would be left");
        }
        Operators.put(context, grant.slot(), grant.operator(), grant.number());
        Proposals.propose(context, grant.slot(), Optional.of(joined));
    }

    private Member joined(Join join, Transaction transaction, View state, long atMillis, long height) throws Refusal {
        SeatGrant grant = join.grant();
        requireOrdered(grant, transaction.chainId(), state);
        requireSender(join, transaction);
        if (Math.max(height, Ledger.height(state)) > grant.validUntil()) {
            throw new Refusal("grant-over", "the grant was valid until " + grant.validUntil());
        }
        requireSeat(grant, state);
        requireNode(join, state);
        RecentBlock.require(state, join.height(), join.blockId(), height == DOOR);
        Member joined = evidence.renewed(
                state,
                member(join),
                transaction.chainId(),
                join.evidence(),
                Join.leaf(transaction.chainId(), grant.slot(), join.height(), join.blockId()),
                atMillis,
                0);
        if (Members.isTaken(state, joined)) {
            throw new Refusal("vote-key-taken", "the vote key is another slot's");
        }
        return joined;
    }

    private static void requireOrdered(SeatGrant grant, String chainId, View state) throws Refusal {
        Operators.requireOrder(state, grant.slot(), grant.operator(), grant.number());
        try {
            if (grant.isSigned(chainId)) {
                return;
            }
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
        throw new Refusal("operator-signature-invalid", "the operator did not sign the grant");
    }

    private static void requireSender(Join join, Transaction transaction) throws Refusal {
        NodeRecord record = join.record();
        BootKeySet keys = join.evidence().keys();
        boolean same = record.voteKey().equals(transaction.sender())
                && keys.voteKey33().equals(transaction.sender())
                && record.chainId().equals(transaction.chainId());
        if (!same) {
            throw new Refusal("sender-is-not-the-new-key", "the sender is not the vote key of record and evidence");
        }
        if (!record.nodeId().equals(join.grant().nodeId())) {
            throw new Refusal("keys-of-another-node", "the grant is for another node");
        }
        try {
            Point.decode(record.epochKey());
            if (record.isSigned()) {
                return;
            }
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
        throw new Refusal("slot-signature-invalid", "the slot key did not sign the record");
    }

    private static void requireSeat(SeatGrant grant, View state) throws Refusal {
        int slot = grant.slot();
        boolean seated = Members.at(state, slot).isPresent();
        if (grant.replaces() && !seated) {
            throw new Refusal("unknown-slot", "slot " + slot + " has no member to replace");
        }
        if (!grant.replaces() && seated) {
            throw new Refusal("slot-taken", "slot " + slot + " has a member");
        }
        if (Members.isChanging(state, slot)) {
            throw new Refusal("slot-is-changing", "a change of slot " + slot + " is ordered already");
        }
        int next = Members.slots(state) + 1;
        if (slot < 1 || slot > next || next > MAX_MEMBERS) {
            throw new Refusal("slot-not-next", "the next slot is " + next + " of at most " + MAX_MEMBERS);
        }
        requireCap(grant, state, seated);
    }

    private static void requireCap(SeatGrant grant, View state, boolean seated) throws Refusal {
        int members = Members.all(state).size() + (seated ? 0 : 1);
        long seats = 1 + Operators.seatsBeside(state, grant.operator(), grant.slot());
        if (Members.rules(state).operatorsCapped() && seats > (members - 1) / 3) {
            throw new Refusal("operator-has-too-many", "the operator would have " + seats + " of " + members);
        }
    }

    private static void requireNode(Join join, View state) throws Refusal {
        SeatGrant grant = join.grant();
        boolean same = Members.at(state, grant.slot())
                .filter(it -> it.nodeId().equals(grant.nodeId()))
                .isPresent();
        if (same || Members.hasNode(state, grant.nodeId(), grant.slot())) {
            throw new Refusal("node-id-taken", "the node has a slot, or had one");
        }
        long known = Members.lastBoot(state, grant.slot());
        if (join.evidence().keys().bootCounter() <= known) {
            throw new Refusal("boot-counter-not-newer", "slot " + grant.slot() + " had boot " + known);
        }
    }

    /** Before its evidence was looked at. */
    private static Member member(Join join) {
        NodeRecord record = join.record();
        return new Member(
                join.grant().slot(),
                record.nodeId(),
                record.voteKey(),
                record.epochKey(),
                join.evidence().keys().shareKey33(),
                join.evidence().keys().bootCounter(),
                0,
                "D",
                Bytes.zeros(32));
    }

    private static Join decode(Transaction transaction) throws Refusal {
        try {
            return Join.decode(transaction.body());
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }
}
