package io.cloister.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.AzureEvidence;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.statement.Statements;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Samples of the documents that other contexts write, by the name of their schema. */
final class ContractDocuments {
    private static final Collateral CERTIFICATES = new Collateral(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY);
    private static final QuoteEvidence QUOTE = new QuoteEvidence(Bytes.EMPTY, Bytes.EMPTY, PcrValues.NONE, Bytes.EMPTY);

    private ContractDocuments() {}

    static Map<String, List<JsonNode>> samples() throws IOException {
        JsonNode snp = evidence(new SnpEvidence(Bytes.EMPTY, CERTIFICATES.with(Bytes.EMPTY)));
        JsonNode azure = evidence(new AzureEvidence(Bytes.EMPTY, CERTIFICATES, QUOTE));
        JsonNode google = evidence(new GoogleEvidence(Bytes.EMPTY, CERTIFICATES, QUOTE, List.of()));
        JsonNode signed = new ObjectMapper().readTree(new Statements().signed().toJson());
        return Map.ofEntries(
                Map.entry("Evidence", List.of(snp)),
                Map.entry(
                        "HardwareEvidence",
                        List.of(snp.get("hardware"), azure.get("hardware"), google.get("hardware"))),
                Map.entry("ReportCertificates", List.of(snp.at("/hardware/certificates"))),
                Map.entry("Quote", List.of(azure.at("/hardware/quote"))),
                Map.entry("Leaf", List.of(snp.get("leaf"))),
                Map.entry("LeafPath", List.of(snp.get("path"))),
                Map.entry("SignedStatement", List.of(signed)),
                Map.entry("NetworkStatement", List.of(signed.get("statement"))),
                Map.entry("PolicyReference", List.of(signed.at("/statement/policy"))),
                Map.entry("AttestedWeight", List.of(signed.at("/statement/weight"))),
                Map.entry("AttestedValidator", List.of(signed.at("/statement/validators/0"))),
                Map.entry("StatementProof", List.of(signed.get("proof"))));
    }

    private static JsonNode evidence(HardwareEvidence hardware) {
        Leaf leaf = Leaf.restNonce(Bytes.zeros(32), Bytes.zeros(32));
        return EvidenceFormat.toJson(
                new Evidence(hardware, TestChips.keys(), leaf, MerkleTree.path(List.of(leaf.content()), 0)));
    }
}
