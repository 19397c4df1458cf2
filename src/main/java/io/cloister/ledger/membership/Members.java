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
    static final Bytes RULES = Bytes.utf8("rules");
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
     * The seats that shares of the keys were dealt to, in the order of slots, with their members or those who were the last.
     * Who lost the seat is in no validator set.
     */
    public static List<Member> seats(View anyModule) {
        Map<Integer, Member> known = known(anyModule);
        return Holders.slots(anyModule).stream()
                .flatMap(it -> Optional.ofNullable(known.get(it)).stream())
                .toList();
    }

    /** Whether a slot has a member or had one. */
    static boolean isSlot(View anyModule, int slot) {
        return known(anyModule).containsKey(slot);
    }

    /** How many slots there are or were. */
    static int slots(View anyModule) {
        return known(anyModule).size();
    }

    /** The boot counter that a slot's next boot has to be above. */
    static long lastBoot(View anyModule, int slot) {
        return Stream.of(key(slot), former(slot))
                .flatMap(it -> anyModule.module(MODULE).get(it).stream())
                .mapToLong(it -> Member.decode(it).bootCounter())
                .max()
                .orElse(0);
    }

    /** Whether a slot other than this one has a node, had it, or will have it. */
    static boolean hasNode(View anyModule, Bytes nodeId, int slot) {
        return keyOwners(anyModule)
                .anyMatch(it -> it.slot() != slot && it.nodeId().equals(nodeId));
    }

    static MembershipRules rules(View anyModule) {
        return anyModule.module(MODULE).get(RULES).map(MembershipRules::decode).orElse(MembershipRules.FIXED);
    }

    /** Whether a member has to renew its evidence soon, by the state's own time. */
    public static boolean isRefreshDue(View anyModule, int slot) {
        return Expiry.isRefreshDue(anyModule, slot);
    }

    /** The change of the set of members that waits until the committee that it makes can sign. */
    public static Optional<PendingChange> proposed(View anyModule) {
        return Proposals.current(anyModule);
    }

    private static Map<Integer, Member> known(View anyModule) {
        Map<Integer, Member> known = new TreeMap<>();
        former(anyModule).forEach(it -> known.put(it.slot(), it));
        all(anyModule).forEach(it -> known.put(it.slot(), it));
        return known;
    }

    private static Stream<Member> former(View anyModule) {
        return anyModule.module(MODULE).scan(FORMER, MAX_MEMBERS).values().stream()
                .map(Member::decode);
    }

    /** Everybody whose keys are in use, were, or will be. */
    private static Stream<Member> keyOwners(View anyModule) {
        Stream<PendingChange> changes =
                Stream.concat(PendingChanges.all(anyModule).stream(), proposed(anyModule).stream());
        return Stream.of(all(anyModule).stream(), former(anyModule), changes.flatMap(it -> it.member().stream()))
                .flatMap(it -> it);
    }

    /** Whether a change of the slot is ordered and not in force yet. */
    public static boolean isChanging(View anyModule, int slot) {
        return PendingChanges.at(anyModule, slot).isPresent();
    }

    /** Whether another slot has this member's vote key, or will have it. */
    static boolean isTaken(View anyModule, Member member) {
        return keyOwners(anyModule)
                .anyMatch(it -> it.slot() != member.slot() && it.voteKey().equals(member.voteKey()));
    }

    static void put(Context context, Member member) {
        context.put(key(member.slot()), member.encode());
    }

    static void remove(Context context, Member member) {
        context.remove(key(member.slot()));
        retire(context, member);
    }

    /** The node counts no more; its keys stay taken. */
    static void retire(Context context, Member member) {
        context.put(former(member.slot()), member.retired().encode());
    }

    private static Bytes former(int slot) {
        return Bytes.concat(FORMER, new Writer().u16(slot).toBytes());
    }

    static Bytes key(int slot) {
        return Bytes.concat(PREFIX, new Writer().u16(slot).toBytes());
    }
}
