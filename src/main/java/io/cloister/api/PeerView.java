package io.cloister.api;

import io.cloister.attestation.Verdict;
import io.cloister.channel.PeerStatus;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Another member as this node has verified it.
 *
 * @param ageSeconds since its last accepted evidence
 * @param reasons why the grade is no better, or why there is no connection
 */
record PeerView(
        String nodeId,
        @Nullable Integer slot,
        boolean connected,
        @Nullable String grade,
        @Nullable Long ageSeconds,
        List<String> reasons,
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

    static PeerView of(PeerStatus status, Optional<Integer> slot) {
        return new PeerView(
                status.nodeId().to0x(),
                slot.orElse(null),
                status.connected(),
                status.grade().map(Enum::name).orElse(null),
                status.evidenceAge().map(Duration::toSeconds).orElse(null),
                reasons(status),
                status.bootCounter(),
                status.since().toString(),
                status.verdict().map(VerdictView::of).orElse(null));
    }

    private static List<String> reasons(PeerStatus status) {
        List<String> reasons = new ArrayList<>();
        status.verdict()
                .map(verdict -> verdict.claims().getOrDefault("grade.reasons", ""))
                .ifPresent(codes -> Arrays.stream(codes.split(","))
                        .filter(code -> !code.isEmpty())
                        .forEach(reasons::add));
        if (!status.grade().equals(status.verdict().map(Verdict::grade))) {
            reasons.add("evidence-lacking");
        }
        status.lastRefusal()
                .filter(refusal -> !status.connected())
                .ifPresent(refusal ->
                        reasons.add(refusal.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        return reasons;
    }
}
