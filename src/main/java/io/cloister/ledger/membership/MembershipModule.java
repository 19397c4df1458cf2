package io.cloister.ledger.membership;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Context;
import io.cloister.ledger.Module;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.util.List;
import java.util.Optional;

/** Keeps the members: who they are, with which keys and since which boot. */
public final class MembershipModule implements Module {
    /** New boot keys of a slot, {@link ReKey}. */
    public static final int RE_KEY = 1;

    /** What a validator signed that excludes each other, {@link io.cloister.consensus.Evidence}. */
    public static final int REPORT_EVIDENCE = 2;

    /** A node takes the seat that an operator grants it, {@link Join}. */
    public static final int JOIN = 3;

    /** An operator takes its node out, {@link Leave}. */
    public static final int LEAVE = 4;

    /** New evidence for the registered boot, {@link Refresh}. */
    public static final int REFRESH = 5;

    /** Registered evidence counts no more, {@link Revoke}. */
    public static final int REVOKE = 6;

    /** How many blocks old the block named by the leaf of a re-key may be ({@code K} of the rules). */
    public static final int MAX_AGE = 200;

    /** How many blocks after the one that orders it a change is in force. */
    public static final int ACTIVATION = 2;

    /** Where the policy stands, as JSON. */
    public static final Bytes POLICY = Bytes.utf8("policy");

    private final List<Member> founders;
    private final MembershipRules rules;
    private final Policy policy;
    private final ReKeying reKeying;
    private final EpochOpening opening;
    private final Joining joining;
    private final Refreshing refreshing;
    private final Revoking revoking;
    private final Proposals proposals;
    private final List<RestartSink> sinks;

    /** A network whose members nobody changes. */
    public MembershipModule(List<Member> founders, Policy policy, EvidenceVerifier verifier, List<RestartSink> sinks) {
        this(founders, MembershipRules.FIXED, policy, verifier, new AtOnce(), sinks);
    }

    /**
     * @param founders members of the first block, in the order of slots
     * @param rules written into the state by the first block, as the policy is
     * @param policy written into the state by the first block; what counts later is what the state holds
     * @param readiness tells when the committee of a changed set of members can sign
     * @param sinks told of restarts, in this order
     */
    public MembershipModule(
            List<Member> founders,
            MembershipRules rules,
            Policy policy,
            EvidenceVerifier verifier,
            CommitteeReadiness readiness,
            List<RestartSink> sinks) {
        rules.fault(founders.size()).ifPresent(it -> {
            throw new IllegalArgumentException(it);
        });
        this.rules = rules;
        this.joining = new Joining(verifier);
        this.refreshing = new Refreshing(verifier);
        this.revoking = new Revoking(verifier);
        this.proposals = new Proposals(readiness);
        this.founders = List.copyOf(founders);
        this.policy = policy;
        this.reKeying = new ReKeying(verifier);
        this.opening = new EpochOpening(verifier);
        this.sinks = List.copyOf(sinks);
    }

    @Override
    public int id() {
        return Members.MODULE;
    }

    @Override
    public void genesis(Context context) {
        context.put(POLICY, Bytes.utf8(policy.toJson()));
        context.put(Members.RULES, rules.encode());
        for (Member founder : founders) {
            Members.put(context, founder);
            Attested.now(context, founder.slot());
        }
        for (int i = 0; i < rules.operators().size(); i++) {
            Operators.put(context, founders.get(i).slot(), rules.operators().get(i), 0);
        }
        Holders.deal(context, founders);
    }

    @Override
    public Optional<Bytes> guarantor(Transaction transaction, View state) {
        return switch (transaction.kind()) {
            case RE_KEY -> reKeying.guarantor(transaction, state);
            case JOIN -> joining.guarantor(transaction, state);
            case LEAVE -> Leaving.guarantor(transaction, state);
            default -> Optional.empty();
        };
    }

    @Override
    public void check(Transaction transaction, View state) throws Refusal {
        switch (transaction.kind()) {
            case RE_KEY -> reKeying.check(transaction, state);
            case REPORT_EVIDENCE -> Conviction.check(transaction, state);
            case JOIN -> joining.check(transaction, state);
            case LEAVE -> Leaving.check(transaction, state);
            case REFRESH -> refreshing.check(transaction, state);
            case REVOKE -> revoking.check(transaction, state);
            default -> throw unknown(transaction);
        }
    }

    @Override
    public void execute(Transaction transaction, Context context) throws Refusal {
        switch (transaction.kind()) {
            case RE_KEY -> reKeying.execute(transaction, context);
            case REPORT_EVIDENCE -> Conviction.execute(transaction, context);
            case JOIN -> joining.execute(transaction, context);
            case LEAVE -> Leaving.execute(transaction, context);
            case REFRESH -> refreshing.execute(transaction, context);
            case REVOKE -> revoking.execute(transaction, context);
            default -> throw unknown(transaction);
        }
    }

    private static Refusal unknown(Transaction transaction) {
        return new Refusal("unknown-kind", "membership has no transaction of kind " + transaction.kind());
    }

    @Override
    public boolean isEvidence(View state, ValidatorSet set, KeyClaim claim, Bytes evidence) {
        return opening.isEvidence(state, set, claim, evidence);
    }

    @Override
    public void openEpoch(Context context, Opening opened) throws InvalidBlock {
        opening.open(context, opened).forEach(it -> tell(context, it));
    }

    /** Changes ordered by the block before are carried out, so that this block's header names the new validators. */
    @Override
    public void endBlock(Context context) {
        PendingChanges.all(context).stream()
                .filter(it -> it.isDue(context.height()))
                .forEach(it -> carryOut(context, it));
        proposals.advance(context);
        context.attempt(() -> Expiry.endBlock(context));
        Conviction.prune(context);
    }

    private void carryOut(Context context, PendingChange change) {
        PendingChanges.remove(context, change.slot());
        Optional<Member> before = Members.at(context, change.slot());
        if (change.removes()) {
            before.ifPresent(it -> exclude(context, it));
            return;
        }
        Member after = change.member().orElseThrow();
        if (before.filter(it -> change.isOf(it.nodeId())).isPresent()) {
            renew(context, before.get(), after);
        } else {
            seat(context, before, after);
        }
    }

    private void exclude(Context context, Member before) {
        Members.remove(context, before);
        Attested.forget(context, before.slot());
        context.emit("membership.excluded", before.encode());
        tell(context, before.retired());
    }

    /** An epoch that was opened since may have given the slot a newer boot, or another slot the key. */
    private void renew(Context context, Member before, Member renewed) {
        if (renewed.bootCounter() <= before.bootCounter() || Members.isTaken(context, renewed)) {
            context.emit("membership.re-key-dropped", renewed.encode());
            return;
        }
        put(context, renewed);
        context.emit("membership.keys-changed", renewed.encode());
        tell(context, renewed);
    }

    /** A node joins; the one before, if any, counts no more. An opening since may have taken its key or its boot. */
    private void seat(Context context, Optional<Member> before, Member joined) {
        boolean newer = joined.bootCounter() > Members.lastBoot(context, joined.slot());
        if (!newer || Members.isTaken(context, joined)) {
            context.emit("membership.join-dropped", joined.encode());
            return;
        }
        before.ifPresent(it -> Members.retire(context, it));
        put(context, joined);
        context.emit("membership.joined", joined.encode());
        tell(context, joined);
    }

    private static void put(Context context, Member member) {
        Members.put(context, member);
        Attested.now(context, member.slot());
    }

    /** A sink that fails loses its own writes; the keys change all the same, as consensus counts on them. */
    private void tell(Context context, Member renewed) {
        for (RestartSink sink : sinks) {
            context.attempt(() -> sink.slotRestarted(context, renewed.slot(), renewed.bootCounter()));
        }
    }
}
