package io.cloister.ledger.membership;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import java.time.Instant;
import java.util.Optional;

/** A member whose registered evidence counts no more loses its seat at once, whoever shows it. */
final class Revoking {
    private static final String POLICY_CHECK = "policy.";

    private final EvidenceVerifier verifier;
    private final SignatureProvider signatures = SignatureProvider.best();

    Revoking(EvidenceVerifier verifier) {
        this.verifier = verifier;
    }

    void check(Transaction transaction, View state) throws Refusal {
        revoked(decode(transaction), state, Ledger.timeMillis(state));
    }

    void execute(Transaction transaction, Context context) throws Refusal {
        Member member = revoked(decode(transaction), context, context.timeMillis());
        if (!Holders.canLose(context, member.slot())) {
            throw new Refusal("too-few-holders", "too few members or holders of shares would be left");
        }
        PendingChanges.order(context, member.slot(), Optional.empty());
        context.emit("membership.revocation-ordered", member.encode());
    }

    private Member revoked(Revoke revoke, View state, long nowMillis) throws Refusal {
        Member member = Members.at(state, revoke.slot())
                .orElseThrow(() -> new Refusal("unknown-slot", "no member has slot " + revoke.slot()));
        boolean leaving = PendingChanges.at(state, member.slot())
                .filter(PendingChange::removes)
                .isPresent();
        if (leaving) {
            throw new Refusal("slot-is-leaving", "slot " + member.slot() + " loses its seat");
        }
        if (!Hashes.sha256(revoke.evidence()).equals(member.evidenceDigest())) {
            throw new Refusal("not-the-registered-evidence", "slot " + member.slot() + " has other evidence");
        }
        try {
            Evidence evidence = Evidence.decode(revoke.evidence());
            boolean counts = revoke.revocations().isPresent()
                    ? !isListed(evidence, Crl.parse(revoke.revocations().get()), nowMillis)
                    : satisfiesPolicy(evidence, state, member);
            if (counts) {
                throw new Refusal("evidence-stands", "nothing shows that the evidence counts no more");
            }
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
        return member;
    }

    /** The root is the one that was trusted when the evidence was registered. A revocation does not end with its list. */
    private boolean isListed(Evidence evidence, Crl list, long nowMillis) {
        SnpCertificate root = certificate(evidence, "root");
        SnpCertificate intermediate = certificate(evidence, "intermediate");
        return list.thisUpdate().toEpochMilli() <= nowMillis
                && (list.revokes(intermediate) || list.revokes(root))
                && list.forgery(root, signatures).isEmpty();
    }

    private static SnpCertificate certificate(Evidence evidence, String name) {
        return Optional.ofNullable(evidence.hardware().certificates().get(name))
                .map(SnpCertificate::parse)
                .orElseThrow(() -> new CodecException(Reason.UNKNOWN, "the evidence has no certificate " + name));
    }

    /** At the moment at which it was registered: that it grows old is another matter. */
    private boolean satisfiesPolicy(Evidence evidence, View state, Member member) {
        long then = Attested.of(state, member.slot()).map(Attested::atMillis).orElseGet(() -> Ledger.timeMillis(state));
        return verifier
                .verify(evidence, evidence.leaf(), BootEvidence.policy(state), Instant.ofEpochMilli(then))
                .failures()
                .stream()
                .noneMatch(it -> it.name().startsWith(POLICY_CHECK));
    }

    private static Revoke decode(Transaction transaction) throws Refusal {
        try {
            return Revoke.decode(transaction.body());
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }
}
