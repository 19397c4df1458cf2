package io.cloister.attestation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The project's own vectors under {@code attestation/} on the class path: reports, certificates, blobs and quotes of
 * chips that do not exist, laid out as genuine ones are, and an index of cases with the checks that must fail.
 */
public final class Golden {
    /** The leaf that {@link #evidence} was made for. */
    public static final Leaf LEAF = Leaf.restNonce(TestChips.filled(32, 3), TestChips.filled(32, 4));

    private Golden() {}

    private static final class Index {
        static final JsonNode DOCUMENT = index();
    }

    /** What report and quotes of {@link #evidence} bind: the keys of {@link TestChips#keys} and the leaf. */
    public static Bytes boundData() {
        return ReportData.of(TestChips.keys(), LEAF.hash());
    }

    /** Evidence of each kind for {@link #LEAF}, without a revocation list. */
    public static List<Evidence> evidence() {
        Bytes report = report("genoa_v3_bound");
        Collateral chain = collateral("genoa_vcek");
        PcrValues pcrs = PcrValues.wholeBank(read("tpm/all.pcrs.bin"));
        Bytes message = read("tpm/bound.quote.msg");
        Bytes signature = read("tpm/bound.quote.sig");
        QuoteEvidence quote = new QuoteEvidence(message, signature, pcrs, Bytes.EMPTY);
        QuoteEvidence logged = new QuoteEvidence(message, signature, pcrs, read("logs/boot.bin"));
        List<Bytes> keys = List.of(certificate("cloud_key"), certificate("cloud_issuer"), certificate("cloud_root"));
        return Stream.<HardwareEvidence>of(
                        new SnpEvidence(report, chain),
                        new AzureEvidence(read("tpm/header2.hcl.bin"), chain, quote),
                        new AzureEvidence(read("tpm/header2.hcl.bin"), chain, logged),
                        new GoogleEvidence(report, chain, logged, keys))
                .map(hardware ->
                        new Evidence(hardware, TestChips.keys(), LEAF, MerkleTree.path(List.of(LEAF.content()), 0)))
                .toList();
    }

    private static JsonNode index() {
        try {
            return new ObjectMapper().readTree(read("index.json").toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Bytes read(String name) {
        try (InputStream file = Golden.class.getResourceAsStream("/attestation/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("no golden vector " + name);
            }
            return Bytes.wrap(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Bytes report(String name) {
        return read("reports/" + name + ".bin");
    }

    public static Bytes certificate(String name) {
        return read("certs/" + name + ".der");
    }

    /** The moment at which all certificates are valid. */
    public static Instant at() {
        return Instant.parse(Index.DOCUMENT.get("at").textValue());
    }

    /** The roots of the chips and of the cloud. */
    public static Set<Bytes> roots() {
        Set<Bytes> roots = new TreeSet<>();
        Index.DOCUMENT.get("testRoots").forEach(root -> roots.add(Bytes.hex(root.textValue())));
        return roots;
    }

    /** The policy that names these roots, all product lines and what the vectors run. */
    public static Policy policy() {
        return Policy.parse(read(Index.DOCUMENT.get("policy").textValue()));
    }

    /** The chain of a leaf such as {@code milan_vcek}. */
    public static Collateral collateral(String leaf) {
        String line = leaf.substring(0, leaf.indexOf('_'));
        return new Collateral(
                certificate(leaf),
                certificate(line + (leaf.endsWith("_vlek") ? "_asvk" : "_ask")),
                certificate(line + "_ark"));
    }

    public static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        Index.DOCUMENT.get("cases").forEach(node -> cases.add(new Case(node)));
        return cases;
    }

    public static Case named(String name) {
        return cases().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    /** One case of the index. */
    public record Case(JsonNode node) {
        public String name() {
            return text("name").orElseThrow();
        }

        /** Names of the checks that must fail, in the order of a verdict. */
        public List<String> failed() {
            List<String> names = new ArrayList<>();
            node.get("failed").forEach(name -> names.add(name.textValue()));
            return names;
        }

        public Policy policy() {
            return text("policy").map(Golden::read).map(Policy::parse).orElseGet(Golden::policy);
        }

        public Instant at() {
            return text("at").map(Instant::parse).orElseGet(Golden::at);
        }

        public Set<Bytes> testRoots() {
            return node.path("trusted").asBoolean(true) ? roots() : Set.of();
        }

        public Demanded demanded() {
            return new Demanded(hex("reportData"), hex("nonce"), hex("userData"));
        }

        public Collateral collateral() {
            return new Collateral(
                    file("leaf"), file("issuer"), file("root"), text("crl").map(Golden::read));
        }

        public Bytes report() {
            return edited(file("report"));
        }

        public Bytes blob() {
            return edited(file("blob"));
        }

        public Optional<QuoteEvidence> quote() {
            return text("quote")
                    .map(quote -> new QuoteEvidence(
                            read(quote),
                            file("quoteSignature"),
                            PcrValues.wholeBank(file("pcrs")),
                            text("log").map(Golden::read).orElse(Bytes.EMPTY)));
        }

        /** What {@code EvidenceVerifier} takes; empty for a blob without a quote. */
        public Optional<HardwareEvidence> evidence() {
            return switch (text("kind").orElseThrow()) {
                case SnpEvidence.KIND -> Optional.of(new SnpEvidence(report(), collateral()));
                case AzureEvidence.KIND -> quote().map(q -> new AzureEvidence(blob(), collateral(), q));
                default -> quote().map(q -> new GoogleEvidence(report(), collateral(), q, keys()));
            };
        }

        public Verdict verdict() {
            EvidenceVerifier verifier = new EvidenceVerifier();
            return evidence()
                    .map(e -> verifier.examine(e, demanded(), testRoots(), at()))
                    .orElseGet(() -> verifier.examineAzure(
                            blob(), Optional.empty(), collateral(), Optional.empty(), demanded(), testRoots(), at()))
                    .appraise(policy());
        }

        private List<Bytes> keys() {
            List<Bytes> keys = new ArrayList<>();
            node.get("keys").forEach(name -> keys.add(read(name.textValue())));
            return keys;
        }

        private Bytes edited(Bytes whole) {
            byte[] bytes = whole.toArray();
            if (node.has("edit")) {
                bytes[node.get("edit").intValue()] ^= (byte) node.get("flip").intValue();
            }
            return Bytes.wrap(bytes);
        }

        private Bytes file(String member) {
            return text(member).map(Golden::read).orElseThrow();
        }

        private Optional<Bytes> hex(String member) {
            return text(member).map(Bytes::hex);
        }

        private Optional<String> text(String member) {
            return Optional.ofNullable(node.path(member).textValue());
        }

        @Override
        public String toString() {
            return name();
        }

        static Stream<Case> all() {
            return cases().stream();
        }
    }
}
