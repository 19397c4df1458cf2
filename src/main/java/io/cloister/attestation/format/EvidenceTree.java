package io.cloister.attestation.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.AzureEvidence;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.MerkleTree;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Evidence as a tree of named values, the same for every form. */
final class EvidenceTree {
    static final String FORMAT = "cloister/evidence/v1";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_FIELDS = 16;
    private static final int MAX_CERTIFICATES = 4;
    private static final int MAX_SIBLINGS = 63;

    private EvidenceTree() {}

    static ObjectNode of(Evidence evidence) {
        ObjectNode tree = NODES.objectNode().put("format", FORMAT);
        tree.set("hardware", hardware(evidence.hardware()));
        tree.set("keys", keys(evidence.keys()));
        tree.set("leaf", leaf(evidence.leaf()));
        tree.set("path", path(evidence.path()));
        return tree;
    }

    static Evidence read(Members in) {
        if (!in.text("format").equals(FORMAT)) {
            throw new CodecException(Reason.UNKNOWN, "a document of another format than " + FORMAT);
        }
        Evidence evidence = new Evidence(
                readHardware(in.object("hardware")),
                readKeys(in.object("keys")),
                readLeaf(in.object("leaf")),
                readPath(in.object("path")));
        in.end();
        return evidence;
    }

    private static ObjectNode hardware(HardwareEvidence hardware) {
        ObjectNode tree = NODES.objectNode().put("kind", hardware.kind());
        switch (hardware) {
            case SnpEvidence snp -> put(put(tree, "report", snp.report()), snp.collateral());
            case AzureEvidence azure -> {
                put(put(tree, "blob", azure.blob()), azure.collateral());
                tree.set("quote", quote(azure.quote()));
            }
            case GoogleEvidence google -> {
                put(put(tree, "report", google.report()), google.collateral());
                tree.set("quote", quote(google.quote()));
                tree.set("keyCertificates", list(google.keyCertificates()));
            }
        }
        return tree;
    }

    private static HardwareEvidence readHardware(Members in) {
        String kind = in.text("kind");
        HardwareEvidence hardware = switch (kind) {
            case SnpEvidence.KIND -> new SnpEvidence(in.bytes("report"), readCollateral(in));
            case AzureEvidence.KIND ->
                new AzureEvidence(in.bytes("blob"), readCollateral(in), readQuote(in.object("quote")));
            case GoogleEvidence.KIND ->
                new GoogleEvidence(
                        in.bytes("report"),
                        readCollateral(in),
                        readQuote(in.object("quote")),
                        in.listOfBytes("keyCertificates", MAX_CERTIFICATES));
            default -> throw new CodecException(Reason.UNKNOWN, "evidence of another kind");
        };
        in.end();
        return hardware;
    }

    private static void put(ObjectNode tree, Collateral collateral) {
        ObjectNode certificates = tree.putObject("certificates");
        put(certificates, "vek", collateral.vek());
        put(certificates, "intermediate", collateral.intermediate());
        put(certificates, "root", collateral.root());
        collateral.revocations().ifPresent(list -> put(tree, "revocations", list));
    }

    private static Collateral readCollateral(Members in) {
        Members certificates = in.object("certificates");
        Optional<Bytes> revocations = in.optionalBytes("revocations");
        Collateral collateral = new Collateral(
                certificates.bytes("vek"), certificates.bytes("intermediate"), certificates.bytes("root"), revocations);
        certificates.end();
        return collateral;
    }

    private static ObjectNode quote(QuoteEvidence quote) {
        ObjectNode tree = NODES.objectNode();
        put(tree, "message", quote.quote());
        put(tree, "signature", quote.signature());
        ObjectNode pcrs = tree.putObject("pcrs");
        quote.pcrs().values().forEach((register, value) -> put(pcrs, register.toString(), value));
        return put(tree, "eventLog", quote.eventLog());
    }

    private static QuoteEvidence readQuote(Members in) {
        QuoteEvidence quote = new QuoteEvidence(
                in.bytes("message"), in.bytes("signature"), readPcrs(in.object("pcrs")), in.bytes("eventLog"));
        in.end();
        return quote;
    }

    private static PcrValues readPcrs(Members in) {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        for (String name : in.names()) {
            if (!name.matches("0|[1-9][0-9]?")) {
                throw new CodecException(Reason.BAD_TEXT, "a PCR has a number from 0 to 23");
            }
            values.put(Integer.valueOf(name), in.bytes(name));
        }
        return new PcrValues(values);
    }

    private static ObjectNode keys(BootKeySet keys) {
        ObjectNode tree = NODES.objectNode().put("chainId", keys.chainId());
        put(tree, "nodeId", keys.nodeId()).put("bootCounter", keys.bootCounter());
        put(tree, "tlsSpki", keys.tlsSpki());
        put(tree, "voteKey", keys.voteKey33());
        put(tree, "shareKey", keys.shareKey33());
        put(tree, "hpkeKey", keys.hpkeKey32());
        return put(tree, "resultKey", keys.resultKey33());
    }

    private static BootKeySet readKeys(Members in) {
        BootKeySet keys = new BootKeySet(
                in.text("chainId"),
                in.bytes("nodeId"),
                in.number("bootCounter"),
                in.bytes("tlsSpki"),
                in.bytes("voteKey"),
                in.bytes("shareKey"),
                in.bytes("hpkeKey"),
                in.bytes("resultKey"));
        in.end();
        return keys;
    }

    private static ObjectNode leaf(Leaf leaf) {
        ObjectNode tree = NODES.objectNode().put("purpose", leaf.purpose().label());
        tree.set("fields", list(leaf.fields()));
        return tree;
    }

    private static Leaf readLeaf(Members in) {
        Leaf leaf = new Leaf(Purpose.ofLabel(in.text("purpose")), in.listOfBytes("fields", MAX_FIELDS));
        in.end();
        return leaf;
    }

    private static ObjectNode path(MerkleTree.Path path) {
        ObjectNode tree = NODES.objectNode().put("index", path.index()).put("size", path.size());
        tree.set("siblings", list(path.siblings()));
        return tree;
    }

    private static MerkleTree.Path readPath(Members in) {
        MerkleTree.Path path =
                new MerkleTree.Path(in.number("index"), in.number("size"), in.listOfBytes("siblings", MAX_SIBLINGS));
        in.end();
        return path;
    }

    private static ObjectNode put(ObjectNode tree, String name, Bytes value) {
        return tree.put(name, value.toArray());
    }

    private static ArrayNode list(List<Bytes> values) {
        ArrayNode list = NODES.arrayNode();
        values.forEach(value -> list.add(value.toArray()));
        return list;
    }
}
