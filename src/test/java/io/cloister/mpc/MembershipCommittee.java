package io.cloister.mpc;

import io.cloister.codec.CodecException;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Members;
import java.util.List;
import java.util.Optional;

/** The committee as the ledger's membership module knows it. */
public final class MembershipCommittee implements CommitteeView {
    @Override
    public Optional<Committee> committee(View anyModule) {
        List<Member> members = Members.all(anyModule).stream()
                .map(m ->
                        new Member(m.slot(), m.nodeId(), m.voteKey(), m.epochKey(), m.bootShareKey(), m.bootCounter()))
                .toList();
        try {
            return Optional.of(new Committee(members));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }
}
