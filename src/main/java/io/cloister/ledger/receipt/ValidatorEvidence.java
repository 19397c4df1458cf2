package io.cloister.ledger.receipt;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Evidence of one validator, made for a nonce of whoever wants to know.
 *
 * @param nonce that the evidence was asked for with
 */
public record ValidatorEvidence(Bytes nonce, Evidence evidence) {

    /**
     * Checks each validator's evidence, and that validators of more than two thirds of the weight have good evidence of
     * the very vote keys in the set. Of several pieces of evidence for one validator a good one counts.
     *
     * @param at moment at which certificates must be valid
     */
    public static List<Check> check(
            List<ValidatorEvidence> evidence, String chainId, ValidatorSet validators, Policy policy, Instant at) {
        EvidenceVerifier verifier = new EvidenceVerifier();
        List<Check> checks = new ArrayList<>();
        long weight = 0;
        for (Validator validator : validators.validators()) {
            Check check = check(evidence, chainId, validator, policy, at, verifier);
            checks.add(check);
            weight += check.result() == Result.PASSED ? validator.weight() : 0;
        }
        String share = "weight " + weight + " of " + validators.totalWeight() + " is attested";
        checks.add(new Check("attested-quorum", validators.isQuorum(weight) ? Result.PASSED : Result.FAILED, share));
        return checks;
    }

    private static Check check(
            List<ValidatorEvidence> all,
            String chainId,
            Validator validator,
            Policy policy,
            Instant at,
            EvidenceVerifier verifier) {
        String name = "validator-" + validator.slot();
        Check found = new Check(name, Result.SKIPPED, "no evidence of its vote key was given");
        for (ValidatorEvidence each : all) {
            BootKeySet keys = each.evidence().keys();
            boolean same = keys.chainId().equals(chainId)
                    && keys.nodeId().equals(validator.nodeId())
                    && keys.voteKey33().equals(validator.voteKey());
            if (same) {
                Leaf leaf = Leaf.restNonce(each.nonce(), keys.tlsSpki());
                Verdict verdict = verifier.verify(each.evidence(), leaf, policy, at);
                if (verdict.accepted()) {
                    return new Check(name, Result.PASSED, verdict.summary());
                }
                found = new Check(name, Result.FAILED, verdict.summary());
            }
        }
        return found;
    }
}
