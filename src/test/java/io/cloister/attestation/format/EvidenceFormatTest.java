package io.cloister.attestation.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.attestation.AzureEvidence;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.MerkleTree;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvidenceFormatTest {
    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final Leaf LEAF = Leaf.restNonce(TestChips.filled(32, 1), TestChips.filled(32, 3));
    private static final Collateral CERTIFICATES =
            new Collateral(TestChips.filled(700, 1), TestChips.filled(1600, 2), TestChips.filled(1601, 3));
    private static final QuoteEvidence QUOTE = new QuoteEvidence(
            TestChips.filled(145, 9),
            TestChips.filled(256, 8),
            new PcrValues(new TreeMap<>(Map.of(4, TestChips.filled(32, 4), 11, TestChips.filled(32, 11)))),
            TestChips.filled(300, 5));

    static Evidence snp() {
        return evidence(new SnpEvidence(TestChips.filled(1184, 7), CERTIFICATES));
    }

    private static Evidence evidence(HardwareEvidence hardware) {
        List<Bytes> leaves = List.of(LEAF.content(), Bytes.utf8("b"), Bytes.utf8("c"));
        return new Evidence(hardware, TestChips.keys(), LEAF, MerkleTree.path(leaves, 0));
    }

    private static List<Evidence> everyKind() {
        Collateral listed = CERTIFICATES.with(TestChips.filled(500, 6));
        QuoteEvidence bare = new QuoteEvidence(QUOTE.quote(), QUOTE.signature(), PcrValues.NONE, Bytes.EMPTY);
        return List.of(
                snp(),
                evidence(new SnpEvidence(Bytes.EMPTY, listed)),
                evidence(new AzureEvidence(TestChips.filled(2600, 7), CERTIFICATES, QUOTE)),
                evidence(new AzureEvidence(TestChips.filled(2600, 7), listed, bare)),
                evidence(new GoogleEvidence(TestChips.filled(1184, 7), CERTIFICATES, QUOTE, List.of())),
                evidence(new GoogleEvidence(
                        TestChips.filled(1184, 7), listed, bare, List.of(Bytes.of((byte) 1), Bytes.EMPTY))));
    }

    private static void refuses(EvidenceFormat format, Bytes document, Reason... reasons) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> format.read(document))
                .satisfies(e -> assertThat(e.reason()).isIn((Object[]) reasons));
    }

    @ParameterizedTest
    @EnumSource
    void readsBackTheSameEvidenceOfEveryKind(EvidenceFormat format) {
        for (Evidence evidence : everyKind()) {
            Bytes document = format.write(evidence);
            assertThat(document.length()).isLessThan(format.maxSize());
            assertThat(format.read(document)).isEqualTo(evidence);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLargestEvidenceFits(EvidenceFormat format) {
        Collateral most =
                new Collateral(TestChips.filled(8192, 1), TestChips.filled(8192, 2), TestChips.filled(8192, 3));
        QuoteEvidence quote = new QuoteEvidence(QUOTE.quote(), QUOTE.signature(), QUOTE.pcrs(), Bytes.zeros(37_000));
        Evidence evidence = evidence(new AzureEvidence(TestChips.filled(2600, 7), most, quote));
        assertThat(evidence.encode().length()).isBetween(Evidence.MAX_SIZE - 2_000, Evidence.MAX_SIZE);
        assertThat(format.read(format.write(evidence))).isEqualTo(evidence);
        Evidence longer = evidence(new AzureEvidence(
                TestChips.filled(2600, 7),
                most,
                new QuoteEvidence(QUOTE.quote(), QUOTE.signature(), QUOTE.pcrs(), Bytes.zeros(40_000))));
        refuses(format, format.write(longer), Reason.TOO_LONG);
        refuses(format, Bytes.zeros(format.maxSize() + 1), Reason.TOO_LONG);
    }

    @Test
    void everyPartIsReadableInJson() throws Exception {
        JsonNode document =
                PLAIN.readTree(EvidenceFormat.JSON.write(everyKind().get(5)).asUtf8());
        assertThat(document.at("/format").textValue()).isEqualTo("cloister/evidence/v1");
        assertThat(document.at("/hardware/kind").textValue()).isEqualTo("gcp");
        assertThat(document.at("/hardware/certificates/root").textValue()).startsWith("0x0303");
        assertThat(document.at("/hardware/revocations").textValue()).startsWith("0x0606");
        assertThat(document.at("/hardware/keyCertificates/0").textValue()).isEqualTo("0x01");
        assertThat(document.at("/keys/bootCounter").longValue()).isEqualTo(7);
        assertThat(document.at("/leaf/purpose").textValue()).isEqualTo("rest-nonce");
        assertThat(document.at("/path/siblings")).hasSize(2);
        JsonNode quoted =
                PLAIN.readTree(EvidenceFormat.JSON.write(everyKind().get(2)).asUtf8());
        assertThat(quoted.at("/hardware/quote/pcrs/11").textValue()).isEqualTo("0x" + "0b".repeat(32));
    }

    @Test
    void jsonMayHaveItsMembersInAnyOrderButEachOnceAndNoOther() throws Exception {
        assertThat(EvidenceFormat.JSON.read(changed(root -> root.set("keys", root.remove("keys")))))
                .isEqualTo(snp());
        refuses(EvidenceFormat.JSON, changed(root -> root.put("more", 1)), Reason.UNKNOWN);
        refuses(EvidenceFormat.JSON, changed(root -> at(root, "/hardware").put("more", "0x")), Reason.UNKNOWN);
        refuses(EvidenceFormat.JSON, changed(root -> at(root, "/keys").put("more", "0x")), Reason.UNKNOWN);
        refuses(EvidenceFormat.JSON, changed(root -> root.put("format", "cloister/evidence/v2")), Reason.UNKNOWN);
        refuses(EvidenceFormat.JSON, changed(root -> at(root, "/hardware").put("kind", "tdx")), Reason.UNKNOWN);
        refuses(EvidenceFormat.JSON, changed(root -> at(root, "/leaf").put("purpose", "else")), Reason.UNKNOWN);
        for (String pointer : List.of("/hardware", "/keys", "/leaf", "/path", "/hardware/certificates")) {
            at((ObjectNode) PLAIN.readTree(EvidenceFormat.JSON.write(snp()).asUtf8()), pointer)
                    .fieldNames()
                    .forEachRemaining(name -> refuses(
                            EvidenceFormat.JSON,
                            changed(root -> at(root, pointer).remove(name)),
                            Reason.BAD_TEXT));
        }
    }

    @Test
    void refusesJsonOfAnotherForm() {
        String good = EvidenceFormat.JSON.write(snp()).asUtf8();
        for (String bad : List.of(
                "",
                "null",
                "[]",
                good + " {}",
                good.substring(0, good.length() - 1),
                good.replace("{\"format\"", "{\"format\":\"cloister/evidence/v1\",\"format\""),
                good.replace("\"kind\":\"snp\"", "\"kind\":null"),
                "[".repeat(100_000))) {
            refuses(EvidenceFormat.JSON, Bytes.utf8(bad), Reason.BAD_TEXT);
        }
        for (String number : List.of("-1", "7.0", "\"7\"", "null", "9223372036854775808", "1e3")) {
            refuses(
                    EvidenceFormat.JSON,
                    Bytes.utf8(good.replace("\"bootCounter\":7", "\"bootCounter\":" + number)),
                    Reason.OUT_OF_RANGE,
                    Reason.BAD_TEXT);
        }
        refuses(EvidenceFormat.JSON, Bytes.utf8(good.replace("\"0x0707", "\"0707")), Reason.BAD_TEXT);
        refuses(EvidenceFormat.JSON, changed(root -> at(root, "/keys").put("voteKey", "0x0A")), Reason.NOT_CANONICAL);
        refuses(EvidenceFormat.JSON, changed(root -> at(root, "/keys").put("voteKey", "0x0a")), Reason.OUT_OF_RANGE);
        refuses(EvidenceFormat.JSON, changed(root -> at(root, "/path").put("size", 0)), Reason.OUT_OF_RANGE);
        refuses(EvidenceFormat.JSON, Bytes.concat(Bytes.hex("ff"), Bytes.utf8(good)), Reason.BAD_TEXT);
    }

    @Test
    void refusesPcrsThatDoNotExist() {
        String good = EvidenceFormat.JSON.write(everyKind().get(2)).asUtf8();
        refuses(EvidenceFormat.JSON, Bytes.utf8(good.replace("\"11\":", "\"24\":")), Reason.OUT_OF_RANGE);
        refuses(EvidenceFormat.JSON, Bytes.utf8(good.replace("\"11\":", "\"011\":")), Reason.BAD_TEXT);
        refuses(EvidenceFormat.JSON, Bytes.utf8(good.replace("\"11\":", "\"-1\":")), Reason.BAD_TEXT);
    }

    @Test
    void cborIsTheDeterministicEncoding() {
        for (Evidence evidence : everyKind()) {
            Bytes document = EvidenceFormat.CBOR.write(evidence);
            Object read = PlainCbor.read(document);
            assertThat(read)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                    .containsOnlyKeys("format", "hardware", "keys", "leaf", "path")
                    .containsEntry("format", "cloister/evidence/v1");
        }
        ObjectNode numbers = PLAIN.createObjectNode();
        long[] edges = {0, 23, 24, 255, 256, 65_535, 65_536, 0x7fff_ffffL, 0xffff_ffffL, 0x1_0000_0000L, Long.MAX_VALUE
        };
        for (long edge : edges) {
            numbers.put("n" + edge, edge);
        }
        Map<?, ?> read = (Map<?, ?>) PlainCbor.read(DeterministicCbor.write(numbers));
        for (long edge : edges) {
            assertThat(read.get("n" + edge)).isEqualTo(edge);
        }
    }

    @Test
    void refusesEveryOtherEncodingInCbor() {
        Bytes good = EvidenceFormat.CBOR.write(snp());
        assertThat(good.at(0)).as("a map of five").isEqualTo((byte) 0xa5);
        refuses(EvidenceFormat.CBOR, Bytes.EMPTY, Reason.UNKNOWN, Reason.BAD_TEXT);
        refuses(EvidenceFormat.CBOR, Bytes.concat(good, Bytes.zeros(1)), Reason.BAD_TEXT, Reason.NOT_CANONICAL);
        refuses(EvidenceFormat.CBOR, Bytes.concat(Bytes.hex("d9d9f7"), good), Reason.NOT_CANONICAL);
        Bytes rest = good.slice(1, good.length() - 1);
        refuses(EvidenceFormat.CBOR, Bytes.concat(Bytes.hex("b805"), rest), Reason.NOT_CANONICAL);
        refuses(EvidenceFormat.CBOR, Bytes.concat(Bytes.hex("bf"), rest, Bytes.hex("ff")), Reason.NOT_CANONICAL);
        for (int length = 0; length < good.length(); length += 37) {
            refuses(EvidenceFormat.CBOR, good.slice(0, length), Reason.BAD_TEXT, Reason.UNKNOWN, Reason.NOT_CANONICAL);
        }
        refuses(EvidenceFormat.CBOR, Bytes.hex("81".repeat(1000) + "00"), Reason.BAD_TEXT);
        refuses(EvidenceFormat.CBOR, Bytes.hex("5b7fffffffffffffff00"), Reason.BAD_TEXT);
        refuses(EvidenceFormat.CBOR, Bytes.hex("bb7fffffffffffffff00"), Reason.BAD_TEXT);
    }

    /** Tags 256 and 25: the first string once, then 13,000 references to it. */
    @Test
    void aShortDocumentThatStandsForALongOneIsRefusedInLittleMemory() {
        int text = 30_000;
        int references = 13_000;
        Bytes document = Bytes.concat(
                Bytes.hex("d90100" + "99" + "%04x".formatted(references + 1) + "79" + "%04x".formatted(text)),
                Bytes.hex("61".repeat(text)),
                Bytes.hex("d81900".repeat(references)));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        refuses(EvidenceFormat.CBOR, document, Reason.NOT_CANONICAL, Reason.BAD_TEXT);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(64L << 20);
    }

    @ParameterizedTest
    @EnumSource
    void whateverIsReadIsEvidenceOrARefusal(EvidenceFormat format) {
        Random random = new Random(1);
        List<Bytes> seeds = everyKind().stream().map(format::write).toList();
        for (int i = 0; i < 4_000; i++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).toArray();
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextBoolean() ? random.nextInt(bytes.length) : random.nextInt(120);
                bytes[at] = (byte) random.nextInt();
            }
            try {
                assertThat(format.read(Bytes.wrap(bytes)).encode().length()).isLessThanOrEqualTo(Evidence.MAX_SIZE);
            } catch (CodecException e) {
                assertThat(e.reason()).isNotNull();
            }
        }
    }

    private static ObjectNode at(ObjectNode root, String pointer) {
        return (ObjectNode) root.at(pointer);
    }

    private static Bytes changed(Consumer<ObjectNode> change) {
        try {
            ObjectNode root =
                    (ObjectNode) PLAIN.readTree(EvidenceFormat.JSON.write(snp()).asUtf8());
            change.accept(root);
            return Bytes.utf8(root.toString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
