package io.cloister.channel;

import io.cloister.attestation.Grade;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one peer now.
 *
 * @param nodeId the peer
 * @param connected whether a verified connection is live
 * @param verdict the last verdict on its evidence, from the live connection
 * @param grade the verdict's grade, lowered while the peer owes new evidence
 * @param evidenceAge time since its last accepted evidence, from the live connection
 * @param bootCounter the highest boot counter that verified evidence of it carried, 0 when none did
 * @param since when the state began: connected or not
 * @param lastRefusal why the last attempt or connection ended, if one did
 */
public record PeerStatus(
        Bytes nodeId,
        boolean connected,
        Optional<Verdict> verdict,
        Optional<Grade> grade,
        Optional<Duration> evidenceAge,
        long bootCounter,
        Instant since,
        Optional<Refusal> lastRefusal) {}
