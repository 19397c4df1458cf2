package io.cloister.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.Evidence;
import io.cloister.codec.Bytes;
import io.cloister.ledger.receipt.ReceiptProof;
import io.cloister.ledger.receipt.ValidatorEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A receipt with the evidence of its validators, as a JSON file of hex strings. */
public record ReceiptFile(ReceiptProof proof, List<ValidatorEvidence> evidence) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public ReceiptFile {
        evidence = List.copyOf(evidence);
    }

    public void write(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode()
                .put("receipt", proof.receipt().encode().to0x())
                .put("path", proof.encodePath().to0x())
                .put("header", proof.encodeHeader().to0x())
                .put("certificate", proof.certificate().encode().to0x())
                .put("validators", proof.validators().encode().to0x());
        ArrayNode list = root.putArray("evidence");
        for (ValidatorEvidence each : evidence) {
            list.addObject()
                    .put("nonce", each.nonce().to0x())
                    .put("evidence", each.evidence().encode().to0x());
        }
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }

    /** @throws CommandFailed with code 2 when the file is no receipt */
    public static ReceiptFile read(Path file) {
        try {
            JsonNode root = JSON.readTree(InputFile.read(file).toArray());
            ReceiptProof proof = ReceiptProof.decode(
                    bytes(root, "receipt"),
                    bytes(root, "path"),
                    bytes(root, "header"),
                    bytes(root, "certificate"),
                    bytes(root, "validators"));
            List<ValidatorEvidence> evidence = new ArrayList<>();
            for (JsonNode each : root.path("evidence")) {
                evidence.add(new ValidatorEvidence(bytes(each, "nonce"), Evidence.decode(bytes(each, "evidence"))));
            }
            return new ReceiptFile(proof, evidence);
        } catch (IOException | RuntimeException e) {
            throw e instanceof CommandFailed failed ? failed : new CommandFailed(2, file + " is no receipt", e);
        }
    }

    private static Bytes bytes(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw new CommandFailed(2, "the receipt has no " + name);
        }
        return Bytes.hex(value.textValue());
    }
}
