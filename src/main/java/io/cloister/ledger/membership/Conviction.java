package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.ledger.history.ValidatorHistory;
import java.util.List;
import java.util.Optional;

/**
 * Whoever signed what excludes each other loses the seat. Where too few would be left, the offence is written down with an
 * alarm, and people decide.
 */
final class Conviction {
    private static final Bytes OFFENCE = Bytes.utf8("offence/");
    private static final Bytes CONVICTED = Bytes.utf8("convicted/");
    private static final int DROPPED_A_BLOCK = 4;

    private Conviction() {}

    static void check(Transaction transaction, View state) throws Refusal {
        offender(transaction.chainId(), decode(transaction), state);
    }

    static void execute(Transaction transaction, Context context) throws Refusal {
        Evidence evidence = decode(transaction);
        Member offender = offender(transaction.chainId(), evidence, context);
        context.put(offenceKey(evidence), new Writer().u64(context.height()).toBytes());
        context.put(
                convictedKey(offender.slot()),
                new Writer().u64(offender.bootCounter()).toBytes());
        Bytes data = new Writer()
                .u16(offender.slot())
                .fixed(evidence.id())
                .fixed(offender.nodeId())
                .toBytes();
        if (Holders.canLose(context, offender.slot())) {
            PendingChanges.order(context, offender.slot(), Optional.empty());
            context.emit("membership.exclusion-ordered", data);
        } else {
            context.emit("membership.alarm-offender-stays", data);
        }
    }

    private static Member offender(String chainId, Evidence evidence, View state) throws Refusal {
        if (isOld(evidence.height(), state)) {
            throw new Refusal("evidence-too-old", "height " + evidence.height() + " is judged no more");
        }
        ValidatorSet set = ValidatorHistory.at(state, evidence.epoch(), evidence.height())
                .flatMap(it -> ValidatorHistory.set(state, it))
                .orElseThrow(() -> new Refusal("unknown-validators", "nobody knows any more who decided that height"));
        Optional<Bytes> nodeId = set.bySlot(evidence.slot()).map(Validator::nodeId);
        Member member = Members.at(state, evidence.slot())
                .filter(it -> nodeId.equals(Optional.of(it.nodeId())))
                .orElseThrow(() -> new Refusal("unknown-slot", "slot " + evidence.slot() + " is no member's"));
        View own = state.module(Members.MODULE);
        boolean known = own.get(offenceKey(evidence)).isPresent()
                || PendingChanges.at(state, evidence.slot())
                        .filter(PendingChange::removes)
                        .isPresent()
                || own.get(convictedKey(member.slot()))
                        .filter(it -> new Reader(it).u64() == member.bootCounter())
                        .isPresent();
        if (known) {
            throw new Refusal("already-convicted", "slot " + member.slot() + " was convicted before");
        }
        if (!evidence.convicts(chainId, set, SignatureCheck.SECP256K1)) {
            throw new Refusal("evidence-refused", "the two statements do not convict slot " + member.slot());
        }
        return member;
    }

    /** Offences of heights whose validators are forgotten can be reported no more, so they are forgotten as well. */
    static void prune(Context context) {
        List<Bytes> oldest = List.copyOf(context.scan(OFFENCE, DROPPED_A_BLOCK).keySet());
        for (Bytes key : oldest) {
            long height = new Reader(key.slice(OFFENCE.length(), Long.BYTES)).u64();
            if (isOld(height, context)) {
                context.remove(key);
            }
        }
    }

    private static boolean isOld(long height, View state) {
        return height + ValidatorHistory.KEPT <= Ledger.height(state);
    }

    private static Evidence decode(Transaction transaction) throws Refusal {
        try {
            Reader in = new Reader(transaction.body());
            Evidence evidence = Evidence.decode(in);
            in.end();
            return evidence;
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }

    private static Bytes offenceKey(Evidence evidence) {
        return Bytes.concat(OFFENCE, new Writer().u64(evidence.height()).toBytes(), evidence.id());
    }

    private static Bytes convictedKey(int slot) {
        return Bytes.concat(CONVICTED, new Writer().u16(slot).toBytes());
    }
}
