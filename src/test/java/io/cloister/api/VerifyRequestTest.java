package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.ShippedPolicies;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Evidence that somebody else brings, and the policy that he wants it judged by. */
class VerifyRequestTest {
    private static final Bytes NONCE = TestChips.filled(32, 1);

    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final Bytes spki = TestChips.keys().tlsSpki();
    private final Policy policy = TestChips.policy(ProductLine.GENOA);
    private final Evidence evidence =
            TestChips.evidence(chip, TestChips.report(chip, 3), TestChips.keys(), Leaf.restNonce(NONCE, spki));
    private final String hex = evidence.encode().to0x();
    private final JsonNode document = EvidenceFormat.toJson(evidence);

    /** A node that has nothing but the network's policy. */
    private final NodeServices node = (NodeServices) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {NodeServices.class},
            (proxy, method, arguments) -> method.getName().equals("policy") ? Optional.of(policy) : Optional.empty());

    private Verdict judge(
            @Nullable String given, @Nullable JsonNode json, @Nullable String nonce, @Nullable String connection) {
        return new VerifyRequest(given, json, nonce, connection, null)
                .parse(node)
                .judge(new EvidenceVerifier(), TestChips.AT);
    }

    private static Check binding(Verdict verdict) {
        return verdict.checks().stream()
                .filter(check -> check.name().equals("binding"))
                .findFirst()
                .orElseThrow();
    }

    private void refuses(VerifyRequest request) {
        assertThatThrownBy(() -> request.parse(node)).satisfies(e -> assertProblem(e, 400, "invalid-field"));
    }

    @Test
    void bothFormsOfEvidenceGetTheSameVerdict() {
        Verdict verdict = judge(hex, null, NONCE.toHex(), spki.toHex());
        assertThat(verdict.accepted()).as(verdict.summary()).isTrue();
        assertThat(judge(null, document, NONCE.toHex(), spki.toHex())).isEqualTo(verdict);
        assertThat(verdict.claims()).containsEntry("binding.connection", "demanded");
    }

    @Test
    void withoutAConnectionTheVerdictSaysThatARelayIsNotExcluded() {
        Verdict verdict = judge(hex, null, NONCE.toHex(), null);
        assertThat(verdict.accepted()).isTrue();
        assertThat(binding(verdict).detail()).contains("who relayed it is not known");
        assertThat(verdict.claims()).containsEntry("binding.connection", "not-demanded");
    }

    @Test
    void evidenceForAnotherConnectionOrNonceIsRefused() {
        for (Verdict verdict : new Verdict[] {
            judge(hex, null, NONCE.toHex(), TestChips.filled(32, 9).toHex()),
            judge(hex, null, TestChips.filled(32, 9).toHex(), spki.toHex()),
            judge(hex, null, TestChips.filled(32, 9).toHex(), null)
        }) {
            assertThat(verdict.accepted()).isFalse();
            assertThat(binding(verdict).result()).isEqualTo(Result.FAILED);
        }
    }

    @Test
    void withoutANonceNothingSaysForWhomItWasMade() {
        assertThat(binding(judge(hex, null, null, null)).result()).isEqualTo(Result.SKIPPED);
        refuses(new VerifyRequest(hex, null, null, spki.toHex(), null));
    }

    @Test
    void aPolicyIsNamedOrWrittenOut() {
        assertThat(new VerifyRequest(hex, null, null, null, null).parse(node).policy())
                .isEqualTo(policy);
        assertThat(new VerifyRequest(hex, null, null, null, "production")
                        .parse(node)
                        .policy())
                .isEqualTo(ShippedPolicies.PRODUCTION.policy());
        assertThat(new VerifyRequest(hex, null, null, null, policy.toJson())
                        .parse(node)
                        .policy())
                .isEqualTo(policy);
        refuses(new VerifyRequest(hex, null, null, null, "productive"));
        refuses(new VerifyRequest(hex, null, null, null, "{}"));
    }

    @Test
    void refusesEvidenceThatIsNoneOrGivenTwice() {
        refuses(new VerifyRequest(null, null, null, null, null));
        refuses(new VerifyRequest(hex, document, null, null, null));
        refuses(new VerifyRequest(hex + "00", null, null, null, null));
        refuses(new VerifyRequest("0".repeat(2 * Evidence.MAX_SIZE + 4), null, null, null, null));
        ObjectNode more = document.deepCopy();
        more.put("more", 1);
        refuses(new VerifyRequest(null, more, null, null, null));
        refuses(new VerifyRequest(hex, null, "00", null, null));
        refuses(new VerifyRequest(hex, null, NONCE.toHex(), "00", null));
    }
}
