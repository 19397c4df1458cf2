package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.View;
import java.util.List;
import java.util.Optional;

/** Reads the members from the membership module's part of the state. */
public final class Members {
    /** Number of the membership module. */
    public static final int MODULE = 1;

    static final Bytes PREFIX = Bytes.utf8("member/");
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

    static Bytes key(int slot) {
        return Bytes.concat(PREFIX, new Writer().u16(slot).toBytes());
    }
}
