package io.cloister.ledger.statement;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.Policy;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Header;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.state.StateProof;
import java.util.List;
import java.util.Optional;

/**
 * All that a statement follows from.
 *
 * @param header of a decided block
 * @param certificate of that block
 * @param validators who decided it
 * @param policy the membership policy in that block's state
 * @param evidence of validators, at most {@value #MAX_EVIDENCE}; of several for one validator the best counts
 */
public record NetworkProof(
        Header header, Certificate certificate, ValidatorSet validators, StateProof policy, List<Evidence> evidence) {
    /** Pieces of evidence, at most. */
    public static final int MAX_EVIDENCE = 1_000;

    public NetworkProof {
        evidence = List.copyOf(evidence);
        if (evidence.size() > MAX_EVIDENCE) {
            throw new CodecException(CodecException.Reason.TOO_LONG, evidence.size() + " pieces of evidence");
        }
    }

    /** Why the chain's part of the proof does not hold, if it does not. */
    Optional<String> fault() {
        return certificateFault().or(this::policyFault);
    }

    Optional<String> certificateFault() {
        return certificate.flaw(header, validators).map(flaw -> "the certificate does not hold: " + flaw.name());
    }

    Optional<String> policyFault() {
        boolean right = policy.key().equals(Ledger.provenKey(Members.MODULE, MembershipModule.POLICY))
                && policy.proves(header.stateRoot());
        if (!right) {
            return Optional.of("the policy is not proved to stand in the block's state");
        }
        try {
            Policy.parse(policy.value());
            return Optional.empty();
        } catch (CodecException e) {
            return Optional.of("what stands in the block's state is no policy");
        }
    }
}
