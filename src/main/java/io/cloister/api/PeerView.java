package io.cloister.api;

import io.cloister.channel.PeerStatus;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Another member as this node has verified it. */
record PeerView(
        String nodeId,
        @Nullable Integer slot,
        boolean connected,
        @Nullable String grade,
        long bootCounter,
        String since,
        @Nullable VerdictView verdict) {

    static List<PeerView> all(NodeServices node) {
        Map<Bytes, Integer> slots = node.ledger()
                .map(Ledger::state)
                .map(state -> Members.all(state).stream().collect(Collectors.toMap(Member::nodeId, Member::slot)))
                .orElse(Map.of());
        return Ready.require(node, node.peers()).status().stream()
                .map(status -> of(status, Optional.ofNullable(slots.get(status.nodeId()))))
                .toList();
    }

    private static PeerView of(PeerStatus status, Optional<Integer> slot) {
        return new PeerView(
                status.nodeId().to0x(),
                slot.orElse(null),
                status.connected(),
                status.grade().map(Enum::name).orElse(null),
                status.bootCounter(),
                status.since().toString(),
                status.verdict().map(VerdictView::of).orElse(null));
    }
}
