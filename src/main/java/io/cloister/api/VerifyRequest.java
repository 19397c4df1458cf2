package io.cloister.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.ShippedPolicies;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants verified.
 *
 * @param evidence the binary form as hex
 * @param document the JSON form; one of the two is given
 * @param nonce that the evidence must be for
 * @param spki SHA-256 of the TLS key that the caller's own connection to the attester shows
 * @param policy the name of a shipped policy or a policy document; without it the policy of this network
 */
public record VerifyRequest(
        @Nullable String evidence,
        @Nullable JsonNode document,
        @Nullable String nonce,
        @Nullable String spki,
        @Nullable String policy) {
    private static final int MIN_NONCE = 16;
    private static final int MAX_NONCE = 64;
    private static final int SPKI = 32;

    /** What is to be judged, and by what. */
    record Parsed(Evidence evidence, Optional<Bytes> nonce, Optional<Bytes> spki, Policy policy) {
        Verdict judge(EvidenceVerifier verifier, Instant at) {
            return nonce.map(given -> verifier.verifyForNonce(evidence, given, spki, policy, at))
                    .orElseGet(() -> verifier.verifyWithoutNonce(evidence, policy, at));
        }
    }

    Parsed parse(NodeServices node) {
        Optional<Bytes> demanded = Optional.ofNullable(nonce).map(VerifyRequest::nonce);
        Optional<Bytes> connection = Optional.ofNullable(spki).map(text -> Input.bytes("spki", text, SPKI, SPKI));
        if (connection.isPresent() && demanded.isEmpty()) {
            throw ApiException.badField("spki", "says nothing without a nonce");
        }
        Policy chosen = policy == null ? Ready.require(node, node.policy()) : policy(policy);
        return new Parsed(given(), demanded, connection, chosen);
    }

    static Bytes nonce(@Nullable String text) {
        try {
            return Input.bytes("nonce", text, MIN_NONCE, MAX_NONCE);
        } catch (ApiException e) {
            throw ApiException.badField("nonce", "16 to 64 bytes as hex");
        }
    }

    private Evidence given() {
        if ((evidence == null) == (document == null)) {
            throw ApiException.badField("evidence", "give either evidence, as hex, or document, as JSON");
        }
        try {
            if (document != null) {
                return EvidenceFormat.fromJson(document);
            }
            if (evidence != null && evidence.length() <= 2 * Evidence.MAX_SIZE + 2) {
                return Evidence.decode(Bytes.hex(evidence));
            }
        } catch (CodecException e) {
            throw evidence == null
                    ? ApiException.badField("document", String.valueOf(e.getMessage()))
                    : ApiException.badField("evidence", "no evidence in binary form as hex");
        }
        throw ApiException.badField("evidence", "evidence in binary form as hex, at most 64 KiB");
    }

    private static Policy policy(String text) {
        Optional<ShippedPolicies> shipped = ShippedPolicies.ofTitle(text);
        if (shipped.isPresent()) {
            return shipped.get().policy();
        }
        try {
            return Policy.parse(Bytes.utf8(text));
        } catch (CodecException e) {
            throw ApiException.badField("policy", "neither the name of a shipped policy nor a policy document");
        }
    }
}
