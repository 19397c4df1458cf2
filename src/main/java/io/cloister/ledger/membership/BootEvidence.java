package io.cloister.ledger.membership;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import java.time.Instant;

/** Judges evidence for a boot of a member, by its bytes, the policy in the state and a block's time alone. */
final class BootEvidence {
    private final EvidenceVerifier verifier;

    BootEvidence(EvidenceVerifier verifier) {
        this.verifier = verifier;
    }

    /**
     * The member with the evidence's boot keys.
     *
     * @param leaf that the evidence has to be for
     * @param atMillis moment at which certificates have to be valid
     * @param activationHeight from which the keys count
     */
    Member renewed(
            View anyModule,
            Member member,
            String chainId,
            Evidence evidence,
            Leaf leaf,
            long atMillis,
            long activationHeight)
            throws Refusal {
        BootKeySet keys = evidence.keys();
        if (!keys.nodeId().equals(member.nodeId()) || !keys.chainId().equals(chainId)) {
            throw new Refusal("keys-of-another-node", "the boot keys name another node or chain");
        }
        requirePoint(keys.shareKey33());
        requirePoint(keys.voteKey33());
        Verdict verdict = verifier.verify(evidence, leaf, policy(anyModule), Instant.ofEpochMilli(atMillis));
        if (!verdict.accepted()) {
            throw new Refusal("evidence-refused", verdict.summary());
        }
        return new Member(
                member.slot(),
                member.nodeId(),
                keys.voteKey33(),
                member.epochKey(),
                keys.shareKey33(),
                keys.bootCounter(),
                activationHeight,
                verdict.grade().name(),
                Hashes.sha256(evidence.encode()));
    }

    static Policy policy(View anyModule) {
        return Policy.parse(
                anyModule.module(Members.MODULE).get(MembershipModule.POLICY).orElseThrow());
    }

    /** Evidence vouches for the keys' bytes only; others will use these, so they have to be keys. */
    private static void requirePoint(Bytes key) throws Refusal {
        try {
            Point.decode(key);
        } catch (CodecException e) {
            throw new Refusal("malformed", "a boot key is no point: " + e.getMessage());
        }
    }
}
