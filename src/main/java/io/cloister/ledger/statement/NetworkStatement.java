package io.cloister.ledger.statement;

import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.format.Jws;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.consensus.Header;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What weight of the validators of one block is attested, as what, and whether that is more than two thirds.
 *
 * @param header the block
 * @param policy by which evidence was judged
 * @param totalWeight of all validators
 * @param attestedWeight of those whose evidence satisfies the policy
 * @param quorum whether that is strictly more than two thirds
 * @param validators one line each, in the order of slots
 */
public record NetworkStatement(
        Header header,
        Policy policy,
        long totalWeight,
        long attestedWeight,
        boolean quorum,
        List<ValidatorLine> validators) {
    /** {@code typ} of the signed form. */
    public static final String TYPE = "cloister-network+jwt";

    /** One for all, as it remembers chains that verified: making, showing and checking a statement judge the same. */
    private static final EvidenceVerifier VERIFIER = new EvidenceVerifier();

    public NetworkStatement {
        validators = List.copyOf(validators);
    }

    /**
     * What a proof shows; the same proof shows the same everywhere.
     *
     * @throws CodecException OUT_OF_RANGE when the chain's part of the proof does not hold
     */
    public static NetworkStatement of(NetworkProof proof) {
        proof.fault().ifPresent(fault -> {
            throw new CodecException(Reason.OUT_OF_RANGE, fault);
        });
        Policy policy = Policy.parse(proof.policy().value());
        List<ValidatorLine> lines = proof.validators().validators().stream()
                .map(validator -> ValidatorLine.of(validator, proof.header(), policy, proof.evidence(), VERIFIER))
                .toList();
        long attested = lines.stream()
                .filter(ValidatorLine::attested)
                .mapToLong(ValidatorLine::weight)
                .sum();
        return new NetworkStatement(
                proof.header(),
                policy,
                proof.validators().totalWeight(),
                attested,
                proof.validators().isQuorum(attested),
                lines);
    }

    /** Attested weight by a property of validators. */
    SortedMap<String, Long> weightBy(Function<ValidatorLine, String> property) {
        SortedMap<String, Long> weights = new TreeMap<>();
        validators.stream()
                .filter(ValidatorLine::attested)
                .forEach(line -> weights.merge(property.apply(line), line.weight(), Long::sum));
        return weights;
    }

    /** The document, members sorted by name. */
    public String toJson() {
        return StatementJson.write(this);
    }

    /** @param resultKey the result-signing key of a boot whose evidence is in the proof */
    public String sign(SigningKey resultKey) {
        return Jws.sign(resultKey, TYPE, Bytes.utf8(toJson()));
    }

    /**
     * Checks a signed statement against its proof, without asking anybody: {@code certificate}, {@code policy}, {@code
     * validator-N} for each slot (skipped without evidence), {@code attested-quorum}, {@code statement} (it says what the
     * proof shows) and {@code signature} (by the result-signing key of an attested validator). Never throws for what is
     * in them. Whether the policy is one to rely on is for the caller to say, by its digest.
     */
    public static List<Check> check(String token, NetworkProof proof) {
        List<Check> checks = new ArrayList<>();
        checks.add(
                judge("certificate", proof.certificateFault(), "more than two thirds of the weight signed the block"));
        checks.add(judge("policy", proof.policyFault(), "the policy stands in the block's state"));
        Optional<NetworkStatement> shown =
                proof.fault().isPresent() ? Optional.empty() : Optional.of(NetworkStatement.of(proof));
        shown.ifPresent(statement -> {
            statement.validators.forEach(line -> checks.add(line(line)));
            checks.add(new Check(
                    "attested-quorum",
                    statement.quorum ? Result.PASSED : Result.FAILED,
                    "weight " + statement.attestedWeight + " of " + statement.totalWeight + " is attested"));
        });
        Optional<Bytes> payload = shown.flatMap(statement -> signedPayload(token, statement, proof));
        boolean same = payload.isPresent()
                && payload.get().equals(Bytes.utf8(shown.orElseThrow().toJson()));
        checks.add(
                same
                        ? new Check("statement", Result.PASSED, "it says what the proof shows")
                        : new Check("statement", Result.FAILED, "it does not say what the proof shows"));
        checks.add(
                payload.isPresent()
                        ? new Check("signature", Result.PASSED, "by an attested validator's result-signing key")
                        : new Check("signature", Result.FAILED, "not by an attested validator's result-signing key"));
        return checks;
    }

    private static Check judge(String name, Optional<String> fault, String otherwise) {
        return fault.map(why -> new Check(name, Result.FAILED, why))
                .orElseGet(() -> new Check(name, Result.PASSED, otherwise));
    }

    private static Check line(ValidatorLine line) {
        String name = "validator-" + line.slot();
        if (line.attested()) {
            return new Check(name, Result.PASSED, "grade " + line.grade() + ", " + line.kind());
        }
        Result result = line.bootCounter() == 0 ? Result.SKIPPED : Result.FAILED;
        return new Check(name, result, String.join(", ", line.reasons()));
    }

    private static Optional<Bytes> signedPayload(String token, NetworkStatement shown, NetworkProof proof) {
        List<Bytes> attested = shown.validators.stream()
                .filter(ValidatorLine::attested)
                .map(ValidatorLine::evidence)
                .map(Bytes::hex)
                .toList();
        for (Evidence evidence : proof.evidence()) {
            if (attested.contains(Hashes.sha256(evidence.encode()))) {
                try {
                    return Optional.of(Jws.verify(token, TYPE, evidence.keys().resultKey33()));
                } catch (CodecException e) {
                    // Another validator's key may have signed it.
                }
            }
        }
        return Optional.empty();
    }
}
