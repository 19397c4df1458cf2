package io.cloister.attestation.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Policy;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.format.AttestationResult.Verifier;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.SigningKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.junit.jupiter.api.Test;

/** Results as signed tokens, read by a library that did not write them. */
class AttestationResultTest {
    private static final SigningKey KEY = SigningKey.of(SecretScalar.fromPublic(Scalar.of(42)));
    private static final Verifier NODE = new Verifier("cloister test", "Cloister");
    private static final Bytes NONCE = TestChips.filled(32, 1);

    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final Leaf leaf = Leaf.restNonce(NONCE, TestChips.keys().tlsSpki());
    private final Policy policy = TestChips.policy(ProductLine.GENOA);

    private Evidence evidence(GuestPolicy guest) {
        return TestChips.evidence(chip, TestChips.report(chip, 3).policy(guest), TestChips.keys(), leaf);
    }

    private AttestationResult result(Evidence evidence, Leaf demanded) {
        Verdict verdict = new EvidenceVerifier().verify(evidence, demanded, policy, TestChips.AT);
        return AttestationResult.of(verdict, evidence, Optional.of(NONCE), policy, TestChips.AT, NODE);
    }

    /** The claims of a token, its signature checked by BouncyCastle over P = (r, s) of RFC 8812. */
    private static JsonNode verified(String token) throws Exception {
        String[] parts = token.split("\\.");
        JsonNode header = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[0]));
        assertThat(header.get("alg").textValue()).isEqualTo("ES256K");
        assertThat(header.get("typ").textValue()).isEqualTo("eat+jwt");
        X9ECParameters curve = SECNamedCurves.getByName("secp256k1");
        byte[] key = Bytes.hex(header.get("kid").textValue()).toArray();
        ECDSASigner signer = new ECDSASigner();
        signer.init(
                false,
                new ECPublicKeyParameters(
                        curve.getCurve().decodePoint(key),
                        new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN())));
        byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
        assertThat(signature).hasSize(64);
        byte[] input = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        assertThat(signer.verifySignature(
                        java.security.MessageDigest.getInstance("SHA-256").digest(input),
                        new BigInteger(1, Arrays.copyOf(signature, 32)),
                        new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))))
                .isTrue();
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
    }

    @Test
    void aTokenIsVerifiedAndReadByOthers() throws Exception {
        Evidence evidence = evidence(new GuestPolicy(0x30000));
        JsonNode claims = verified(result(evidence, leaf).sign(KEY));

        assertThat(claims.get("eat_profile").textValue()).isEqualTo("tag:github.com,2023:veraison/ear");
        assertThat(claims.get("iat").longValue()).isEqualTo(TestChips.AT.getEpochSecond());
        assertThat(Base64.getUrlDecoder().decode(claims.get("eat_nonce").textValue()))
                .isEqualTo(NONCE.toArray());
        assertThat(claims.at("/ear.verifier-id/build").textValue()).isEqualTo("cloister test");
        assertThat(claims.at("/ear.verifier-id/developer").textValue()).isEqualTo("Cloister");
        JsonNode guest = claims.at("/submods/guest");
        assertThat(guest.get("ear.appraisal-policy-id").textValue())
                .isEqualTo(policy.digest().toHex());
        assertThat(guest.get("ear.cloister.evidence-digest").textValue())
                .isEqualTo(Hashes.sha256(evidence.encode()).toHex());
        assertThat(guest.at("/ear.cloister.verdict/verdict").textValue()).isEqualTo("accepted");
        assertThat(guest.at("/ear.cloister.verdict/checks").size()).isGreaterThan(40);
        assertThat(guest.get("ear.status").textValue())
                .as("a test root vouches")
                .isEqualTo("warning");
        assertThat(guest.get("ear.trustworthiness-vector").properties())
                .extracting(Map.Entry::getKey, member -> member.getValue().intValue())
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("instance-identity", 2),
                        org.assertj.core.groups.Tuple.tuple("hardware", -33),
                        org.assertj.core.groups.Tuple.tuple("executables", 3),
                        org.assertj.core.groups.Tuple.tuple("configuration", 2),
                        org.assertj.core.groups.Tuple.tuple("runtime-opaque", -33));
    }

    @Test
    void whatIsRefusedIsContraindicatedAndSaysWhere() throws Exception {
        JsonNode debug = verified(result(evidence(new GuestPolicy(0x30000 | 1 << 19)), leaf)
                        .sign(KEY))
                .at("/submods/guest");
        assertThat(debug.get("ear.status").textValue()).isEqualTo("contraindicated");
        assertThat(debug.at("/ear.trustworthiness-vector/configuration").intValue())
                .isEqualTo(96);
        assertThat(debug.at("/ear.trustworthiness-vector/runtime-opaque").intValue())
                .isEqualTo(96);
        Leaf other = Leaf.restNonce(TestChips.filled(32, 9), TestChips.keys().tlsSpki());
        JsonNode relayed = verified(
                        result(evidence(new GuestPolicy(0x30000)), other).sign(KEY))
                .at("/submods/guest");
        assertThat(relayed.get("ear.status").textValue()).isEqualTo("contraindicated");
        assertThat(relayed.at("/ear.trustworthiness-vector/instance-identity").intValue())
                .isEqualTo(97);
    }

    @Test
    void evidenceThatNobodyAskedForIsTheWordToNobody() {
        Verdict verdict =
                new EvidenceVerifier().verifyWithoutNonce(evidence(new GuestPolicy(0x30000)), policy, TestChips.AT);
        assertThat(TrustVector.of(verdict).claims()).containsEntry("instance-identity", -33);
    }

    @Test
    void bytesThatAreNoReportLeaveNothingButTwoClaims() {
        Verdict verdict = verdict(false, Map.of("report-format", Result.FAILED));
        assertThat(TrustVector.of(verdict).claims()).isEqualTo(Map.of("instance-identity", 97, "hardware", 97));
    }

    @Test
    void genuineHardwareIsAffirmedAndMilanIsNot() {
        Map<String, Result> passed = Map.of(
                "report-signature", Result.PASSED,
                "binding", Result.PASSED,
                "policy.measurement", Result.PASSED,
                "policy.guest-debug", Result.PASSED,
                "policy.guest-svn", Result.SKIPPED);
        Verdict genoa = verdict(true, passed);
        assertThat(TrustVector.of(genoa).tier()).isEqualTo(Tier.AFFIRMING);
        Verdict milan = new Verdict(true, Grade.D, genoa.checks(), new TreeMap<>(Map.of("root.product-line", "Milan")));
        assertThat(TrustVector.of(milan).claims()).containsEntry("hardware", 32);
        Verdict cloud = new Verdict(
                true, Grade.D, genoa.checks(), new TreeMap<>(Map.of("grade.reasons", "a,cloud-vouched-boot")));
        assertThat(TrustVector.of(cloud).claims()).containsEntry("executables", -33);
    }

    @Test
    void softwareThatNobodyJudgedAndAnUnknownRelayAreNotAffirmed() {
        Map<String, Result> passed = Map.of(
                "report-signature", Result.PASSED,
                "binding", Result.PASSED,
                "policy.launch", Result.SKIPPED,
                "policy.guest-debug", Result.PASSED);
        TrustVector silent = TrustVector.of(verdict(true, passed));
        assertThat(silent.claims()).containsEntry("executables", -33);
        assertThat(silent.tier()).isEqualTo(Tier.WARNING);
        Verdict relayed = new Verdict(
                true,
                Grade.B,
                verdict(true, passed).checks(),
                new TreeMap<>(Map.of("binding.connection", "not-demanded")));
        assertThat(TrustVector.of(relayed).claims()).containsEntry("instance-identity", -33);
    }

    private static Verdict verdict(boolean accepted, Map<String, Result> results) {
        List<Check> checks = results.entrySet().stream()
                .map(e -> new Check(e.getKey(), e.getValue(), ""))
                .toList();
        return new Verdict(accepted, Grade.B, checks, new TreeMap<>());
    }

    @Test
    void claimsFallIntoTheRangesOfTheTiers() {
        Map<Integer, Tier> edges = Map.of(
                0, Tier.NONE,
                -1, Tier.NONE,
                2, Tier.AFFIRMING,
                -32, Tier.AFFIRMING,
                32, Tier.WARNING,
                -33, Tier.WARNING,
                -96, Tier.WARNING,
                96, Tier.CONTRAINDICATED,
                -97, Tier.CONTRAINDICATED,
                -128, Tier.CONTRAINDICATED);
        edges.forEach(
                (claim, tier) -> assertThat(Tier.ofClaim(claim)).as("" + claim).isEqualTo(tier));
    }

    @Test
    void aTokenOfAFixedKeyIsFixed() {
        Verdict verdict = verdict(true, Map.of("report-signature", Result.PASSED));
        String token = new AttestationResult(
                        verdict, Bytes.zeros(32), Optional.of(NONCE), Bytes.zeros(32), TestChips.AT, NODE)
                .sign(KEY);
        assertThat(Hashes.sha256(Bytes.utf8(token)).toHex())
                .isEqualTo("1ad8d41ec90bcdce1c38cfc4022d31fafc53cf1bc98a330768d0b39485d846cb");
        assertThat(token).startsWith("eyJhbGciOiJFUzI1NksiLCJraWQiOiIw");
    }

    @Test
    void aChangedTokenAnotherKeyAndAnotherTypeAreRefused() {
        Bytes payload = Bytes.utf8("{}");
        String token = Jws.sign(KEY, "eat+jwt", payload);
        assertThat(Jws.verify(token, "eat+jwt", KEY.id())).isEqualTo(payload);
        SigningKey other = SigningKey.of(SecretScalar.fromPublic(Scalar.of(43)));
        refuses(() -> Jws.verify(token, "eat+jwt", other.id()));
        refuses(() -> Jws.verify(token, "other+jwt", KEY.id()));
        refuses(() -> Jws.verify(token + ".", "eat+jwt", KEY.id()));
        refuses(() -> Jws.verify(token + "=", "eat+jwt", KEY.id()));
        for (int i = 0; i < token.length(); i++) {
            char changed = token.charAt(i) == 'A' ? 'B' : 'A';
            String bad = token.substring(0, i) + changed + token.substring(i + 1);
            refuses(() -> Jws.verify(bad, "eat+jwt", KEY.id()));
        }
    }

    private static void refuses(Runnable attempt) {
        assertThatExceptionOfType(CodecException.class).isThrownBy(attempt::run);
    }
}
