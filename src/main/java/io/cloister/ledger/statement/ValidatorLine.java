package io.cloister.ledger.statement;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Check;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Header;
import io.cloister.consensus.Validator;
import io.cloister.crypto.Hashes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the proof shows of one validator.
 *
 * @param slot its slot
 * @param weight its weight
 * @param attested whether evidence of its vote key satisfies the policy
 * @param bootCounter the boot that the evidence is of, 0 without any
 * @param grade A to D, {@code none} when it is not attested
 * @param release the measurement in its report
 * @param kind of evidence
 * @param custody who has the machine in hand
 * @param productLine of the processor
 * @param leaf what the evidence was made for: {@code rest-nonce} names this very block, {@code re-key} an earlier one,
 *     {@code peer-channel} a connection to another node
 * @param evidence SHA-256 of the evidence
 * @param reasons for the grade, or the checks that failed
 */
public record ValidatorLine(
        int slot,
        Bytes nodeId,
        Bytes voteKey,
        long weight,
        boolean attested,
        long bootCounter,
        String grade,
        String release,
        String kind,
        String custody,
        String productLine,
        String leaf,
        String evidence,
        List<String> reasons) {
    private static final String NONE = "none";
    private static final int RE_KEY_FIELDS = 4;
    private static final int CHANNEL_FIELDS = 7;
    private static final int CHANNEL_OWN_ID = 4;

    public ValidatorLine {
        reasons = List.copyOf(reasons);
    }

    static ValidatorLine of(
            Validator validator, Header header, Policy policy, List<Evidence> all, EvidenceVerifier verifier) {
        return all.stream()
                .filter(evidence -> isOf(evidence.keys(), validator, header))
                .map(evidence -> judge(evidence, validator, header, policy, verifier))
                .max(Comparator.comparing(ValidatorLine::attested)
                        .thenComparing(line -> line.leaf().equals(Purpose.REST_NONCE.label()))
                        .thenComparing(ValidatorLine::bootCounter)
                        .thenComparing(ValidatorLine::evidence))
                .orElseGet(() -> without(validator));
    }

    private static boolean isOf(BootKeySet keys, Validator validator, Header header) {
        return keys.chainId().equals(header.chainId())
                && keys.nodeId().equals(validator.nodeId())
                && keys.voteKey33().equals(validator.voteKey())
                && keys.bootCounter() >= validator.bootCounter();
    }

    private static ValidatorLine judge(
            Evidence evidence, Validator validator, Header header, Policy policy, EvidenceVerifier verifier) {
        Optional<Leaf> demanded = demanded(evidence, validator, header);
        Verdict verdict = verifier.verify(
                evidence,
                demanded.orElseGet(
                        () -> Leaf.restNonce(header.id(), evidence.keys().tlsSpki())),
                policy,
                Instant.ofEpochMilli(header.timeMillis()));
        boolean attested = verdict.accepted();
        return new ValidatorLine(
                validator.slot(),
                validator.nodeId(),
                validator.voteKey(),
                validator.weight(),
                attested,
                evidence.keys().bootCounter(),
                attested ? verdict.grade().name() : NONE,
                claim(verdict, "report.measurement"),
                evidence.hardware().kind(),
                claim(verdict, "custody"),
                claim(verdict, "root.product-line"),
                evidence.leaf().purpose().label(),
                Hashes.sha256(evidence.encode()).toHex(),
                reasons(verdict));
    }

    /** The leaf that such evidence must have, as far as the block and the validator say; what they leave open is its own. */
    private static Optional<Leaf> demanded(Evidence evidence, Validator validator, Header header) {
        Leaf own = evidence.leaf();
        List<Bytes> fields = own.fields();
        boolean fits = switch (own.purpose()) {
            case REST_NONCE ->
                own.equals(Leaf.restNonce(header.id(), evidence.keys().tlsSpki()));
            case RE_KEY ->
                fields.size() == RE_KEY_FIELDS
                        && fields.get(0).equals(Bytes.utf8(header.chainId()))
                        && fields.get(1)
                                .equals(new Writer().u16(validator.slot()).toBytes());
            case PEER_CHANNEL ->
                fields.size() == CHANNEL_FIELDS && fields.get(CHANNEL_OWN_ID).equals(validator.nodeId());
        };
        return fits ? Optional.of(own) : Optional.empty();
    }

    private static String claim(Verdict verdict, String name) {
        return verdict.claims().getOrDefault(name, NONE);
    }

    private static List<String> reasons(Verdict verdict) {
        if (!verdict.accepted()) {
            return verdict.failures().stream().map(Check::name).toList();
        }
        return Arrays.stream(claim(verdict, "grade.reasons").split(","))
                .filter(reason -> !reason.isEmpty())
                .toList();
    }

    private static ValidatorLine without(Validator validator) {
        return new ValidatorLine(
                validator.slot(),
                validator.nodeId(),
                validator.voteKey(),
                validator.weight(),
                false,
                0,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                List.of("no-evidence"));
    }
}
