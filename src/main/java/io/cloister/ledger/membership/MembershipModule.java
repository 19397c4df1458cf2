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

    /** How many blocks old the block named by the leaf of a re-key may be ({@code K} of the rules). */
    public static final int MAX_AGE = 200;

    /** How many blocks after the one that orders it a change is in force. */
    public static final int ACTIVATION = 2;

    /** Where the policy stands, as JSON. */
    public static final Bytes POLICY = Bytes.utf8("policy");

    private final List<Member> founders;
    private final Policy policy;
    private final ReKeying reKeying;
    private final EpochOpening opening;
    private final List<RestartSink> sinks;

    /**
     * @param founders members of the first block, in the order of slots
     * @param policy written into the state by the first block; what counts later is what the state holds
     * @param sinks told of restarts, in this order
     */
    public MembershipModule(List<Member> founders, Policy policy, EvidenceVerifier verifier, List<RestartSink> sinks) {
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
        founders.forEach(member -> Members.put(context, member));
    }

    @Override
    public Optional<Bytes> guarantor(Transaction transaction, View state) {
        return transaction.kind() == RE_KEY ? reKeying.guarantor(transaction, state) : Optional.empty();
    }

    @Override
    public void check(Transaction transaction, View state) throws Refusal {
        switch (transaction.kind()) {
            case RE_KEY -> reKeying.check(transaction, state);
            case REPORT_EVIDENCE -> Conviction.check(transaction, state);
            default -> throw unknown(transaction);
        }
    }

    @Override
    public void execute(Transaction transaction, Context context) throws Refusal {
        switch (transaction.kind()) {
            case RE_KEY -> reKeying.execute(transaction, context);
            case REPORT_EVIDENCE -> Conviction.execute(transaction, context);
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
        Conviction.prune(context);
    }

    private void carryOut(Context context, PendingChange change) {
        PendingChanges.remove(context, change.slot());
        Optional<Member> before = Members.at(context, change.slot());
        if (before.isEmpty()) {
            return;
        }
        if (change.removes()) {
            Members.remove(context, before.get());
            context.emit("membership.excluded", before.get().encode());
            tell(context, before.get().retired());
        } else {
            carryOut(context, before.get(), change.member().orElseThrow());
        }
    }

    /** An epoch that was opened since may have given the slot a newer boot, or another slot the key. */
    private void carryOut(Context context, Member before, Member renewed) {
        if (renewed.bootCounter() <= before.bootCounter() || Members.isTaken(context, renewed)) {
            context.emit("membership.re-key-dropped", renewed.encode());
            return;
        }
        Members.put(context, renewed);
        context.emit("membership.keys-changed", renewed.encode());
        tell(context, renewed);
    }

    /** A sink that fails loses its own writes; the keys change all the same, as consensus counts on them. */
    private void tell(Context context, Member renewed) {
        for (RestartSink sink : sinks) {
            context.attempt(() -> sink.slotRestarted(context, renewed.slot(), renewed.bootCounter()));
        }
    }
}
