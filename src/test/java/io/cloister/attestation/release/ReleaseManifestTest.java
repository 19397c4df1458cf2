package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseManifestTest {
    private static final String JSON = Releases.manifest().encode().asUtf8();

    private static Reason reason(String json) {
        CodecException thrown =
                catchThrowableOfType(CodecException.class, () -> ReleaseManifest.decode(Bytes.utf8(json)));
        assertThat(thrown).as(json).isNotNull();
        return thrown.reason();
    }

    private static String with(String part, String other) {
        assertThat(JSON).contains(part);
        return JSON.replace(part, other);
    }

    @Test
    void hasOneForm() {
        assertThat(JSON)
                .isEqualTo("{\"authorKeys\":[\""
                        + Releases.AUTHOR_KEY.publicKey().digest().toHex()
                        + "\"],\"boot\":{\"azure\":{\"idKeys\":[\"" + Releases.CLOUD_ID_KEY.toHex()
                        + "\"],\"measurements\":[\"" + Releases.CLOUD_FIRMWARE.toHex()
                        + "\"],\"pcrs\":{\"11\":\"" + Releases.PCR_11.toHex() + "\",\"4\":\""
                        + Releases.PCR_4.toHex() + "\"}}},\"commit\":\"0123456789abcdef0123456789abcdef01234567\","
                        + "\"format\":\"cloister/release/v1\",\"idKeys\":[\""
                        + Releases.LONE_ID_KEY.publicKey().digest().toHex()
                        + "\"],\"images\":{\"gcp-disk\":\""
                        + Hashes.sha256(Bytes.utf8("disk")).toHex()
                        + "\"},\"launchDigests\":{\"qemu-genoa-8\":\"" + Releases.LAUNCH.toHex()
                        + "\"},\"minimumTcb\":{\"Genoa\":{\"bootLoader\":10,\"microcode\":84,\"snp\":23,\"tee\":0},"
                        + "\"Turin\":{\"bootLoader\":1,\"fmc\":1,\"microcode\":81,\"snp\":4,\"tee\":1}},"
                        + "\"policyDigest\":\"" + Hashes.sha256(Releases.POLICY).toHex()
                        + "\",\"securityVersion\":7,\"version\":\"1.4.0\",\"warDigest\":\"" + Releases.WAR.toHex()
                        + "\"}");
        assertThat(ReleaseManifest.decode(Bytes.utf8(JSON))).isEqualTo(Releases.manifest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"securityVersion\":7|\"securityVersion\": 7",
                "\"securityVersion\":7,\"version\":\"1.4.0\"|\"version\":\"1.4.0\",\"securityVersion\":7",
                "\"commit\":\"0123456789abcdef|\"commit\":\"0123456789ABCDEF",
                "\"commit\":\"0123456789abcdef|\"commit\":\"0x0123456789abcdef",
                "\"version\":\"1.4.0\"|\"version\":\"\\u0031.4.0\"",
                "\"version\"|\"\\u0076ersion\""
            })
    void refusesOtherFormsOfTheSameRelease(String part, String other) {
        assertThat(ReleaseManifest.decodeDraft(Bytes.utf8(with(part, other)))).isEqualTo(Releases.manifest());
        assertThat(reason(with(part, other))).isEqualTo(Reason.NOT_CANONICAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "\ufeff", "{}", "0"})
    void refusesAnythingBeforeOrBehind(String more) {
        assertThat(reason(JSON + more)).isIn(Reason.NOT_CANONICAL, Reason.BAD_TEXT);
        assertThat(reason(more + JSON)).isIn(Reason.NOT_CANONICAL, Reason.BAD_TEXT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"cloister/release/v1\"|\"cloister/release/v2\"|UNKNOWN",
                "\"securityVersion\":7|\"securityVersion\":0|OUT_OF_RANGE",
                "\"securityVersion\":7|\"securityVersion\":4294967296|OUT_OF_RANGE",
                "\"securityVersion\":7|\"securityVersion\":7.0|BAD_TEXT",
                "\"securityVersion\":7|\"securityVersion\":\"7\"|BAD_TEXT",
                "\"securityVersion\":7|\"securityVersion\":7e999999999|BAD_TEXT",
                "\"securityVersion\":7|\"securityVersion\":null|BAD_TEXT",
                "\"securityVersion\":7|\"securityVersion\":7,\"securityVersion\":8|BAD_TEXT",
                "\"securityVersion\":7|\"securityVersion\":7,\"unknown\":8|BAD_TEXT",
                "\"securityVersion\":7,||BAD_TEXT",
                "\"1.4.0\"|\"1.4\"|BAD_TEXT",
                "\"1.4.0\"|\"1.4.0-\"|BAD_TEXT",
                "\"1.4.0\"|\"1.4.0 \"|BAD_TEXT",
                "\"1.4.0\"|null|BAD_TEXT",
                "\"0123456789abcdef|\"0123|OUT_OF_RANGE",
                "\"0123456789abcdef|\"x|BAD_TEXT",
                "\"gcp-disk\"|\"GCP\"|BAD_TEXT",
                "\"gcp-disk\"|\"\"|BAD_TEXT",
                "\"qemu-genoa-8\"|\"a b\"|BAD_TEXT",
                "\"azure\"|\"../azure\"|BAD_TEXT",
                "\"Genoa\"|\"Genoa-B0\"|BAD_TEXT",
                "\"Genoa\"|\"Naples\"|BAD_TEXT",
                "\"bootLoader\":10|\"bootLoader\":256|OUT_OF_RANGE",
                "\"bootLoader\":10|\"fmc\":10|BAD_TEXT",
                "\"bootLoader\":10|\"bootLoader\":10,\"fmc\":0|OUT_OF_RANGE",
                "\"bootLoader\":10|\"bootLoader\":null|BAD_TEXT",
                "\"4\":|\"24\":|OUT_OF_RANGE",
                "\"4\":|\"04\":|BAD_TEXT",
                "\"4\":|\"-1\":|BAD_TEXT"
            })
    void refusesWhatNoReleaseSays(String part, String other, Reason expected) {
        assertThat(reason(with(part, other == null ? "" : other))).isEqualTo(expected);
    }

    @Test
    void refusesRepeatedEmptyAndZeroDigests() {
        String author = "\"" + Releases.AUTHOR_KEY.publicKey().digest().toHex() + "\"";
        String pcrs = "\"pcrs\":{\"11\":\"" + Releases.PCR_11.toHex() + "\",\"4\":\"" + Releases.PCR_4.toHex() + "\"}";

        assertThat(reason(with(author, author + "," + author))).isEqualTo(Reason.NOT_CANONICAL);
        assertThat(reason(with(author, "null"))).isEqualTo(Reason.BAD_TEXT);
        assertThat(reason(with(author, "\"" + "00".repeat(48) + "\""))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(with(author, "\"aa\""))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(with(pcrs, "\"pcrs\":{}"))).isEqualTo(Reason.OUT_OF_RANGE);
        String firmware = "[\"" + Releases.CLOUD_FIRMWARE.toHex() + "\"]";
        String key = "[\"" + Releases.CLOUD_ID_KEY.toHex() + "\"]";
        assertThat(reason(with(firmware, "[]").replace(key, "[]"))).isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void refusesMoreThanItsLimits() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 65; i++) {
            names.append("\"a")
                    .append(i)
                    .append("\":\"")
                    .append("00".repeat(32))
                    .append("\",");
        }
        assertThat(reason(with("\"gcp-disk\"", names + "\"gcp-disk\""))).isEqualTo(Reason.TOO_LONG);
        assertThat(reason(" ".repeat(ReleaseManifest.MAX_SIZE) + JSON)).isEqualTo(Reason.TOO_LONG);
        assertThat(reason("[".repeat(100_000))).isEqualTo(Reason.BAD_TEXT);
        assertThat(reason("{\"a\":".repeat(40_000))).isEqualTo(Reason.BAD_TEXT);
    }

    @Test
    void showsItselfForPeopleInAFormThatReadsBack() {
        String shown = Releases.manifest().show();

        assertThat(shown).contains("\n");
        assertThat(ReleaseManifest.decodeDraft(Bytes.utf8(shown))).isEqualTo(Releases.manifest());
        assertThat(Releases.manifest().minimumTcb()).containsKey(ProductLine.TURIN);
    }
}
