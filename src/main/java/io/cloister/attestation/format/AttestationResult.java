package io.cloister.attestation.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Policy;
import io.cloister.attestation.StrictJson;
import io.cloister.attestation.Verdict;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import java.time.Instant;
import java.util.Optional;

/**
 * A verdict for those who do not verify themselves: an EAT attestation result (EAR) in the dialect of Veraison, with the
 * whole verdict as an extension.
 *
 * @param verdict what was found
 * @param evidence SHA-256 of the binary form of the evidence that it is about
 * @param nonce that the evidence was demanded with
 * @param policy digest of the policy
 * @param at when
 * @param verifier who
 */
public record AttestationResult(
        Verdict verdict, Bytes evidence, Optional<Bytes> nonce, Bytes policy, Instant at, Verifier verifier) {
    /** The profile of EAT that names the dialect. */
    public static final String PROFILE = "tag:github.com,2023:veraison/ear";

    /** The media type of the token; RFC 9782. */
    public static final String MEDIA_TYPE = "application/eat+jwt";

    /** {@code typ} of the token. */
    public static final String TYPE = "eat+jwt";

    /** The name of the one submodule. */
    public static final String SUBMODULE = "guest";

    /**
     * Who verified.
     *
     * @param build the software
     * @param developer who wrote it
     */
    public record Verifier(String build, String developer) {
        /** A node of this project. */
        public static Verifier release(Bytes measurement) {
            return new Verifier("cloister " + measurement.toHex(), "Cloister");
        }
    }

    public static AttestationResult of(
            Verdict verdict, Evidence evidence, Optional<Bytes> nonce, Policy policy, Instant at, Verifier verifier) {
        return new AttestationResult(verdict, Hashes.sha256(evidence.encode()), nonce, policy.digest(), at, verifier);
    }

    /** A refused verdict is contraindicated whatever its claims are; another is as good as its worst claim. */
    public Tier status() {
        return verdict.accepted() ? TrustVector.of(verdict).tier() : Tier.CONTRAINDICATED;
    }

    /** The claims set, its members sorted by name. */
    public Bytes claims() {
        try {
            ObjectNode guest = StrictJson.MAPPER.createObjectNode();
            guest.put("ear.appraisal-policy-id", policy.toHex());
            guest.put("ear.cloister.evidence-digest", evidence.toHex());
            guest.set("ear.cloister.verdict", StrictJson.MAPPER.readTree(verdict.toJson()));
            guest.put("ear.status", status().label());
            ObjectNode vector = guest.putObject("ear.trustworthiness-vector");
            TrustVector.of(verdict).claims().forEach(vector::put);
            ObjectNode claims = StrictJson.MAPPER.createObjectNode();
            claims.putObject("ear.verifier-id").put("build", verifier.build()).put("developer", verifier.developer());
            nonce.ifPresent(given -> claims.put("eat_nonce", Jws.base64Url(given)));
            claims.put("eat_profile", PROFILE);
            claims.put("iat", at.getEpochSecond());
            claims.putObject("submods").set(SUBMODULE, guest);
            return Bytes.utf8(StrictJson.MAPPER.writeValueAsString(claims));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a verdict always has a JSON form", e);
        }
    }

    /** @param key the result-signing key of the boot, which the verifier's own evidence binds */
    public String sign(SigningKey key) {
        return Jws.sign(key, TYPE, claims());
    }
}
