package io.cloister.api;

import io.cloister.consensus.Validator;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import io.cloister.mpc.board.MpcKeys;
import java.util.List;

/** A member in force. */
record ValidatorView(
        int slot,
        String nodeId,
        String voteKey,
        long weight,
        long bootCounter,
        long activationHeight,
        String grade,
        String evidenceDigest,
        long presignatures) {

    /** In the order of slots. */
    static List<ValidatorView> all(View state) {
        MpcKeys keys = new MpcKeys(state);
        var validators = Members.validators(state);
        return Members.all(state).stream()
                .map(m ->
                        of(m, validators.bySlot(m.slot()).map(Validator::weight).orElse(0L), keys.heldBy(m.slot())))
                .toList();
    }

    private static ValidatorView of(Member member, long weight, long presignatures) {
        return new ValidatorView(
                member.slot(),
                member.nodeId().to0x(),
                member.voteKey().to0x(),
                weight,
                member.bootCounter(),
                member.activationHeight(),
                member.grade(),
                member.evidenceDigest().to0x(),
                presignatures);
    }
}
