package io.cloister.ledger.membership;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Module;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.time.Instant;
import java.util.List;

/** Keeps the members and takes announcements of new boots. */
public final class MembershipModule implements Module {
    /** Announcement of a new boot. */
    public static final int ANNOUNCE_BOOT = 1;

    /** How many blocks old the block named by an announcement's leaf may be ({@code K} of the rules). */
    public static final int MAX_AGE = 200;

    /** Where the policy stands, as JSON. */
    public static final Bytes POLICY = Bytes.utf8("policy");

    private final List<Member> founders;
    private final Policy policy;
    private final EvidenceVerifier verifier;
    private final List<RestartSink> sinks;

    /**
     * @param founders members of the first block, in the order of slots
     * @param policy written into the state by the first block; what counts later is what the state holds
     * @param sinks told of restarts, in this order
     */
    public MembershipModule(List<Member> founders, Policy policy, EvidenceVerifier verifier, List<RestartSink> sinks) {
        this.founders = List.copyOf(founders);
        this.policy = policy;
        this.verifier = verifier;
        this.sinks = List.copyOf(sinks);
    }

    @Override
    public int id() {
        return Members.MODULE;
    }

    @Override
    public void genesis(Context context) {
        context.put(POLICY, Bytes.utf8(policy.toJson()));
        founders.forEach(member -> context.put(Members.key(member.slot()), member.encode()));
    }

    @Override
    public void check(Transaction transaction, View state) throws Refusal {
        BootAnnouncement announcement = decode(transaction);
        Member member = member(announcement, state);
        requireNewer(announcement, member);
        requireSigned(announcement, member);
    }

    @Override
    public void execute(Transaction transaction, Context context) throws Refusal {
        BootAnnouncement announcement = decode(transaction);
        Member member = member(announcement, context);
        requireNewer(announcement, member);
        requireSigned(announcement, member);
        requireUsable(announcement.evidence().keys(), context);
        requireRecent(announcement, context);
        Verdict verdict = verify(announcement, context);
        Member renewed = new Member(
                member.slot(),
                member.nodeId(),
                member.voteKey(),
                member.epochKey(),
                announcement.evidence().keys().shareKey33(),
                announcement.evidence().keys().bootCounter(),
                context.height(),
                verdict.grade().name(),
                Hashes.sha256(announcement.evidence().encode()));
        context.put(Members.key(member.slot()), renewed.encode());
        context.emit("membership.boot-announced", renewed.encode());
        for (RestartSink sink : sinks) {
            sink.slotRestarted(context, member.slot(), renewed.bootCounter());
        }
    }

    private Verdict verify(BootAnnouncement announcement, Context context) throws Refusal {
        Policy inForce = Policy.parse(context.get(POLICY).orElseThrow());
        Verdict verdict = verifier.verify(
                announcement.evidence(),
                BootAnnouncement.leaf(
                        context.chainId(), announcement.slot(), announcement.height(), announcement.blockId()),
                inForce,
                Instant.ofEpochMilli(context.timeMillis()));
        if (!verdict.accepted()) {
            throw new Refusal("evidence-refused", verdict.summary());
        }
        return verdict;
    }

    private static void requireNewer(BootAnnouncement announcement, Member member) throws Refusal {
        BootKeySet keys = announcement.evidence().keys();
        if (!keys.nodeId().equals(member.nodeId()) || !keys.voteKey33().equals(member.voteKey())) {
            throw new Refusal("keys-of-another-node", "the boot keys name another node or vote key");
        }
        if (keys.bootCounter() <= member.bootCounter()) {
            throw new Refusal("boot-counter-not-newer", "boot " + member.bootCounter() + " is already known");
        }
    }

    private static void requireSigned(BootAnnouncement announcement, Member member) throws Refusal {
        if (!announcement.isSignedBy(member.nodeId())) {
            throw new Refusal("slot-signature-invalid", "the announcement is not signed by the slot key");
        }
    }

    /** Evidence vouches for the keys' bytes only; others will encrypt to this one, so it has to be a key. */
    private static void requireUsable(BootKeySet keys, Context context) throws Refusal {
        if (!keys.chainId().equals(context.chainId())) {
            throw new Refusal("keys-of-another-node", "the boot keys are for chain " + keys.chainId());
        }
        try {
            Point.decode(keys.shareKey33());
        } catch (CodecException e) {
            throw new Refusal("malformed", "the share-encryption key is no point: " + e.getMessage());
        }
    }

    private static void requireRecent(BootAnnouncement announcement, Context context) throws Refusal {
        long age = context.height() - announcement.height();
        boolean known = Ledger.blockId(context, announcement.height())
                .filter(announcement.blockId()::equals)
                .isPresent();
        if (age > MAX_AGE || !known) {
            throw new Refusal("block-not-recent", "the named block is not one of the last " + MAX_AGE);
        }
    }

    private static Member member(BootAnnouncement announcement, View state) throws Refusal {
        return Members.at(state, announcement.slot())
                .orElseThrow(() -> new Refusal("unknown-slot", "no member has slot " + announcement.slot()));
    }

    private static BootAnnouncement decode(Transaction transaction) throws Refusal {
        if (transaction.kind() != ANNOUNCE_BOOT) {
            throw new Refusal("unknown-kind", "membership has no transaction of kind " + transaction.kind());
        }
        try {
            return BootAnnouncement.decode(transaction.body());
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }
}
