package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Context;
import io.cloister.ledger.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the members from the membership module's part of the state. */
public final class Members {
    /** Number of the membership module. */
    public static final int MODULE = 1;

    static final Bytes PREFIX = Bytes.utf8("member/");
    static final Bytes RECOVERIES = Bytes.utf8("recoveries");
    private static final Bytes FORMER = Bytes.utf8("former/");
    private static final int MAX_MEMBERS = 1_000;

    private Members() {}

    /** In the order of slots. */
    public static List<Member> all(View anyModule) {
        return anyModule.module(MODULE).scan(PREFIX, MAX_MEMBERS).values().stream()
                .map(Member::decode)
                .toList();
    }

    public static Optional<Member> at(View anyModule, int slot) {
        return anyModule.module(MODULE).get(key(slot)).map(Member::decode);
    }

    /** The validators in force by this state, one unit of weight each. */
    public static ValidatorSet validators(View anyModule) {
        return new ValidatorSet(all(anyModule).stream()
                .map(m -> new Validator(m.slot(), m.nodeId(), m.voteKey(), 1, m.bootCounter()))
                .toList());
    }

    /** How often an epoch was opened because no quorum of vote keys was alive. */
    public static long recoveries(View anyModule) {
        return anyModule
                .module(MODULE)
                .get(RECOVERIES)
                .map(it -> new Reader(it).u64())
                .orElse(0L);
    }

    /**
     * The members and those who lost their seats, in the order of slots: all to whom shares of the keys were dealt. Who
     * lost the seat is in no validator set.
     */
    public static List<Member> seats(View anyModule) {
        Map<Integer, Member> seats = new TreeMap<>();
        anyModule.module(MODULE).scan(FORMER, MAX_MEMBERS).values().stream()
                .map(Member::decode)
                .forEach(it -> seats.put(it.slot(), it));
        all(anyModule).forEach(it -> seats.put(it.slot(), it));
        return List.copyOf(seats.values());
    }

    /** Whether a change of the slot is ordered and not in force yet. */
    public static boolean isChanging(View anyModule, int slot) {
        return PendingChanges.at(anyModule, slot).isPresent();
    }

    /** Whether another slot has this member's vote key, or will have it. */
    static boolean isTaken(View anyModule, Member member) {
        return Stream.concat(
                        seats(anyModule).stream(),
                        PendingChanges.all(anyModule).stream().flatMap(it -> it.member().stream()))
                .anyMatch(it -> it.slot() != member.slot() && it.voteKey().equals(member.voteKey()));
    }

    static void put(Context context, Member member) {
        context.put(key(member.slot()), member.encode());
    }

    static void remove(Context context, Member member) {
        context.remove(key(member.slot()));
        context.put(former(member.slot()), member.retired().encode());
    }

    private static Bytes former(int slot) {
        return Bytes.concat(FORMER, new Writer().u16(slot).toBytes());
    }

    static Bytes key(int slot) {
        return Bytes.concat(PREFIX, new Writer().u16(slot).toBytes());
    }
}
