package io.cloister.ledger.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.format.Jws;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Header;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.TestBlocks;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.ReKey;
import io.cloister.ledger.state.StateProof;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class NetworkStatementTest {
    private final Statements committee = new Statements();
    private final SignedStatement signed = committee.signed();

    private static Map<String, Result> results(List<Check> checks) {
        return checks.stream().collect(java.util.stream.Collectors.toMap(Check::name, Check::result));
    }

    private Result of(String name, NetworkProof proof) {
        return results(NetworkStatement.check(signed.token(), proof)).get(name);
    }

    private static ValidatorLine line(NetworkProof proof, int slot) {
        return NetworkStatement.of(proof).validators().get(slot - 1);
    }

    @Test
    void threeOfFourByThreeKindsOfLeavesAreMoreThanTwoThirds() throws Exception {
        assertThat(results(signed.check()))
                .containsEntry("certificate", Result.PASSED)
                .containsEntry("policy", Result.PASSED)
                .containsEntry("validator-1", Result.PASSED)
                .containsEntry("validator-2", Result.PASSED)
                .containsEntry("validator-3", Result.PASSED)
                .containsEntry("validator-4", Result.SKIPPED)
                .containsEntry("attested-quorum", Result.PASSED)
                .containsEntry("statement", Result.PASSED)
                .containsEntry("signature", Result.PASSED);
        JsonNode document =
                new ObjectMapper().readTree(NetworkStatement.of(signed.proof()).toJson());
        assertThat(document.at("/chainId").textValue()).isEqualTo(Statements.ID);
        assertThat(document.at("/height").intValue()).isEqualTo(1);
        assertThat(document.at("/time").textValue()).isEqualTo("2026-11-20T12:00:01Z");
        assertThat(document.at("/policy/digest").textValue())
                .isEqualTo(committee.policy.digest().to0x());
        assertThat(document.at("/weight/total").intValue()).isEqualTo(4);
        assertThat(document.at("/weight/attested").intValue()).isEqualTo(3);
        assertThat(document.at("/weight/quorum").booleanValue()).isTrue();
        assertThat(document.at("/weight/grades/D").intValue()).isEqualTo(3);
        assertThat(document.at("/weight/kinds/snp").intValue()).isEqualTo(3);
        assertThat(document.at("/weight/custody/simulated").intValue()).isEqualTo(3);
        assertThat(document.at("/weight/productLines/Genoa").intValue()).isEqualTo(3);
        assertThat(document.at("/weight/releases/" + TestChips.MEASUREMENT.toHex())
                        .intValue())
                .isEqualTo(3);
        assertThat(document.at("/validators")).hasSize(4);
        assertThat(document.at("/validators/0/leaf").textValue()).isEqualTo("rest-nonce");
        assertThat(document.at("/validators/2/leaf").textValue()).isEqualTo("peer-channel");
        assertThat(document.at("/validators/3/reasons/0").textValue()).isEqualTo("no-evidence");
    }

    @Test
    void twoOfFourAreNoQuorumAndNobodyCountsTwice() {
        NetworkProof proof = committee.proof(committee.own(), committee.announced(2), committee.announced(2));
        assertThat(NetworkStatement.of(proof).quorum()).isFalse();
        assertThat(NetworkStatement.of(proof).attestedWeight()).isEqualTo(2);
        assertThat(results(SignedStatement.of(proof, committee.resultKey).check()))
                .containsEntry("attested-quorum", Result.FAILED)
                .containsEntry("signature", Result.PASSED);
    }

    @Test
    void evidenceCountsOnlyForTheValidatorChainBootAndLeafThatItIsOf() {
        Bytes vote = committee.chain.voteKeys.get(1).id();
        Leaf leaf = ReKey.leaf(Statements.ID, 2, 1, committee.blockId());
        for (Evidence stranger : List.of(
                committee.evidence(committee.keys(2, "else", 1, vote), leaf),
                committee.evidence(committee.keys(2, Statements.ID, 0, vote), leaf),
                committee.evidence(
                        committee.keys(
                                2,
                                Statements.ID,
                                1,
                                committee.chain.voteKeys.get(2).id()),
                        leaf))) {
            assertThat(line(committee.proof(stranger), 2).reasons()).containsExactly("no-evidence");
        }
        for (Evidence other : List.of(
                committee.evidence(committee.keys(2), ReKey.leaf(Statements.ID, 3, 1, committee.blockId())),
                committee.evidence(committee.keys(2), ReKey.leaf("else", 2, 1, committee.blockId())),
                committee.evidence(committee.keys(2), Leaf.restNonce(Bytes.zeros(32), Bytes.zeros(32))),
                committee.channel(2, committee.chain.slotKeys.get(2).id()))) {
            assertThat(line(committee.proof(other), 2).attested()).isFalse();
            assertThat(line(committee.proof(other), 2).reasons()).contains("binding");
        }
        assertThat(line(committee.proof(committee.debug(2)), 2).reasons()).contains("policy.guest-debug");
        assertThat(line(committee.proof(committee.debug(2), committee.announced(2)), 2)
                        .attested())
                .as("of several the good one counts")
                .isTrue();
    }

    @Test
    void everyPartOfTheProofIsNeededAsItIs() {
        NetworkProof proof = signed.proof();
        Header header = proof.header();
        Header later = TestBlocks.later(header);
        assertThat(of("certificate", with(later, proof.certificate(), proof.validators(), proof.policy())))
                .isEqualTo(Result.FAILED);
        Certificate two = new Certificate(
                proof.certificate().epoch(),
                proof.certificate().height(),
                proof.certificate().round(),
                proof.certificate().blockId(),
                proof.certificate().signatures().subList(0, 2));
        assertThat(of("certificate", with(header, two, proof.validators(), proof.policy())))
                .isEqualTo(Result.FAILED);
        ValidatorSet three = new ValidatorSet(proof.validators().validators().subList(0, 3));
        assertThat(of("certificate", with(header, proof.certificate(), three, proof.policy())))
                .isEqualTo(Result.FAILED);
        StateProof lax = new StateProof(
                proof.policy().key(),
                Bytes.concat(proof.policy().value(), Bytes.utf8(" ")),
                proof.policy().steps());
        assertThat(of("policy", with(header, proof.certificate(), proof.validators(), lax)))
                .isEqualTo(Result.FAILED);
        StateProof member = committee
                .chain
                .ledger()
                .prove(Members.MODULE, Bytes.concat(Bytes.utf8("member/"), Bytes.hex("0001")))
                .orElseThrow();
        assertThat(of("policy", with(header, proof.certificate(), proof.validators(), member)))
                .isEqualTo(Result.FAILED);
        NetworkProof fewer =
                committee.proof(proof.evidence().get(0), proof.evidence().get(1));
        assertThat(of("statement", fewer)).isEqualTo(Result.FAILED);
        NetworkProof unsigned =
                committee.proof(proof.evidence().get(1), proof.evidence().get(2));
        assertThat(of("signature", unsigned)).isEqualTo(Result.FAILED);
        assertThat(of("statement", unsigned)).isEqualTo(Result.FAILED);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> NetworkStatement.of(with(header, two, proof.validators(), proof.policy())));
    }

    private NetworkProof with(Header header, Certificate certificate, ValidatorSet validators, StateProof policy) {
        return new NetworkProof(
                header, certificate, validators, policy, signed.proof().evidence());
    }

    @Test
    void aStatementThatSaysMoreOrThatAStrangerSignedIsRefused() {
        String more = NetworkStatement.of(signed.proof()).toJson().replace("\"attested\":3", "\"attested\":4");
        String lie = Jws.sign(committee.resultKey, NetworkStatement.TYPE, Bytes.utf8(more));
        assertThat(results(NetworkStatement.check(lie, signed.proof())))
                .containsEntry("signature", Result.PASSED)
                .containsEntry("statement", Result.FAILED);
        String stranger = NetworkStatement.of(signed.proof()).sign(TestChain.key("a stranger"));
        assertThat(results(NetworkStatement.check(stranger, signed.proof())))
                .containsEntry("signature", Result.FAILED)
                .containsEntry("statement", Result.FAILED);
        for (String garbage : List.of("", "a.b.c", signed.token() + "x")) {
            assertThat(results(NetworkStatement.check(garbage, signed.proof())))
                    .containsEntry("signature", Result.FAILED);
        }
    }

    @Test
    void theDocumentIsReadBackStrictly() throws Exception {
        String json = signed.toJson();
        assertThat(SignedStatement.parse(Bytes.utf8(json))).isEqualTo(signed);
        refuses(json, root -> root.put("more", 1));
        refuses(json, root -> root.remove("token"));
        refuses(json, root -> ((ObjectNode) root.get("statement")).put("height", 2));
        refuses(json, root -> ((ObjectNode) root.get("statement").get("weight")).put("attested", 4));
        refuses(json, root -> ((ObjectNode) root.get("proof")).put("header", "0x00"));
        refuses(json, root -> ((ObjectNode) root.get("proof")).putNull("header"));
        refuses(
                json,
                root -> ((ObjectNode) root.get("proof")).putArray("evidence").addNull());
        refuses(
                json,
                root -> ((ObjectNode) root.get("proof")).putArray("evidence").add("0x00"));
        refuses(
                json,
                root -> ((ObjectNode) root.get("proof"))
                        .put("policy", root.at("/proof/policy").textValue() + "00"));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> SignedStatement.parse(Bytes.utf8(json + "{}")));
    }

    private static void refuses(String json, Consumer<ObjectNode> change) throws Exception {
        ObjectNode root = (ObjectNode) new ObjectMapper().readTree(json);
        change.accept(root);
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> SignedStatement.parse(Bytes.utf8(root.toString())));
    }
}
