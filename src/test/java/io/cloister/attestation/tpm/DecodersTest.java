package io.cloister.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.function.Consumer;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Blobs, claims, quotes and PCR values: what is malformed ends in a typed error, whatever the bytes. */
class DecodersTest {
    private static final RsaKey KEY = TestVtpm.first().key();
    private static final String JSON = TestVtpm.json(KEY, Bytes.EMPTY);
    private static final Bytes BLOB = TestVtpm.blob(JSON);
    private static final Bytes QUOTE =
            TestVtpm.first().quote(TestVtpm.NONCE, TestVtpm.pcrs(), Bytes.EMPTY).quote();

    private static void refuses(Function<Bytes, ?> parse, Bytes raw, Reason reason) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> parse.apply(raw))
                .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    private static void refusesClaims(String json, Reason reason) {
        refuses(RuntimeClaims::parse, Bytes.utf8(json), reason);
    }

    private static Bytes with(Bytes raw, int at, int value) {
        byte[] changed = raw.toArray();
        changed[at] = (byte) value;
        return Bytes.wrap(changed);
    }

    @Test
    void readsClaimsWithMembersThatAreNotKnown() {
        RuntimeClaims claims = RuntimeClaims.parse(Bytes.utf8(
                "{\"new\":[{\"x\":1.5e3}],\"keys\":[{\"kid\":\"HCLEkPub\"}," + TestVtpm.jwk("HCLAkPub", KEY) + "]}"));

        assertThat(claims.attestationKey()).isEqualTo(KEY);
        assertThat(claims.userData()).isEmpty();
        assertThat(claims.secureBoot()).isEmpty();
        assertThat(claims.vmId()).isEmpty();
    }

    @Test
    void refusesClaimsThatAreNoJsonOfThisForm() {
        for (String json : new String[] {
            "",
            "{",
            "[]",
            "null",
            "1",
            "\"x\"",
            "{}",
            "{\"keys\":{}}",
            JSON + "x",
            JSON + JSON,
            "\uFEFF" + JSON,
            "{\"keys\":[],\"keys\":[]}",
            "{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}"
        }) {
            refusesClaims(json, Reason.BAD_TEXT);
        }
        refuses(RuntimeClaims::parse, Bytes.concat(Bytes.utf8(JSON), Bytes.hex("ff")), Reason.BAD_TEXT);
        refusesClaims(JSON + " ".repeat(RuntimeClaims.MAX_SIZE), Reason.TOO_LONG);
    }

    @Test
    void refusesClaimsWithoutExactlyOneAttestationKey() {
        String key = TestVtpm.jwk("HCLAkPub", KEY);
        refusesClaims("{\"keys\":[]}", Reason.NOT_CANONICAL);
        refusesClaims("{\"keys\":[1,null,[],{\"kid\":1},\"HCLAkPub\"]}", Reason.NOT_CANONICAL);
        refusesClaims("{\"keys\":[" + TestVtpm.jwk("HCLEkPub", KEY) + "]}", Reason.NOT_CANONICAL);
        refusesClaims("{\"keys\":[" + TestVtpm.jwk("hclakpub", KEY) + "]}", Reason.NOT_CANONICAL);
        refusesClaims("{\"keys\":[" + key + "," + key + "]}", Reason.NOT_CANONICAL);
        refusesClaims("{\"keys\":[" + "{},".repeat(16) + key + "]}", Reason.BAD_TEXT);
    }

    @Test
    void refusesAttestationKeysOfOtherKinds() {
        refusesClaims(JSON.replace("\"RSA\"", "\"EC\""), Reason.OUT_OF_RANGE);
        refusesClaims(JSON.replace("AQAB", "Aw"), Reason.OUT_OF_RANGE);
        refusesClaims(JSON.replaceFirst("\"n\":\"[^\"]+\"", "\"n\":\"AQAB\""), Reason.OUT_OF_RANGE);
        refusesClaims(JSON.replaceFirst("\"n\":\"[^\"]+\"", "\"n\":7"), Reason.BAD_TEXT);
        refusesClaims(JSON.replaceFirst("\"n\":\"[^\"]+\"", "\"n\":\"+/+/\""), Reason.BAD_TEXT);
        refusesClaims(JSON.replaceFirst(",\"n\":\"[^\"]+\"", ""), Reason.OUT_OF_RANGE);
    }

    @Test
    void refusesUserDataOfOtherForms() {
        for (String other : new String[] {
            "1",
            "\"\"",
            "null",
            "\"" + "0".repeat(126) + "\"",
            "\"" + "x".repeat(128) + "\"",
            "\"0x" + "0".repeat(126) + "\""
        }) {
            refusesClaims(JSON.replaceFirst("\"user-data\":\"0+\"", "\"user-data\":" + other), Reason.BAD_TEXT);
        }
    }

    @Test
    void refusesBlobsThatCannotBe() {
        refuses(HclReport::parse, Bytes.EMPTY, Reason.TRUNCATED);
        refuses(HclReport::parse, with(BLOB, 0, 'h'), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, 4, 3), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, 4, 0), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, 12, 1), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, 16, 1), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, 31, 1), Reason.NOT_CANONICAL);
        refuses(HclReport::parse, with(BLOB, 8, 0), Reason.OUT_OF_RANGE);
        refuses(HclReport::parse, with(BLOB, HclReport.RUNTIME_DATA, 0), Reason.OUT_OF_RANGE);
        refuses(HclReport::parse, with(BLOB, HclReport.RUNTIME_DATA + 4, 2), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, HclReport.RUNTIME_DATA + 8, 3), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, HclReport.RUNTIME_DATA + 12, 4), Reason.UNKNOWN);
        refuses(HclReport::parse, with(BLOB, HclReport.RUNTIME_DATA + 19, 0xFF), Reason.TOO_LONG);
        refuses(HclReport::parse, Bytes.concat(BLOB, Bytes.hex("0001")), Reason.NOT_CANONICAL);
        refuses(HclReport::parse, Bytes.zeros(HclReport.MAX_SIZE + 1), Reason.TOO_LONG);
        assertThat(HclReport.parse(Bytes.concat(BLOB, Bytes.zeros(500))).encode())
                .isEqualTo(BLOB);
        assertThat(HclReport.parse(with(BLOB, 4, 2)).headerVersion()).isEqualTo(2);
    }

    @Test
    void refusesABlobCutAnywhere() {
        for (int length = 0; length < BLOB.length(); length++) {
            refuses(HclReport::parse, BLOB.slice(0, length), Reason.TRUNCATED);
        }
    }

    @Test
    void refusesQuotesThatCannotBe() {
        TpmQuote quote = TpmQuote.parse(QUOTE);
        int clock = 4 + 2 + 2 + 34 + 2 + TestVtpm.NONCE.length();
        int count = clock + 17 + 8;
        refuses(TpmQuote::parse, with(QUOTE, 0, 0), Reason.UNKNOWN);
        refuses(TpmQuote::parse, with(QUOTE, 5, 0x17), Reason.UNKNOWN);
        refuses(TpmQuote::parse, with(QUOTE, 6, 1), Reason.TOO_LONG);
        refuses(TpmQuote::parse, with(QUOTE, 9, 4), Reason.OUT_OF_RANGE);
        refuses(TpmQuote::parse, with(QUOTE, 42, 1), Reason.TOO_LONG);
        refuses(TpmQuote::parse, with(QUOTE, clock + 16, 2), Reason.NOT_CANONICAL);
        refuses(TpmQuote::parse, with(QUOTE, count, 1), Reason.TOO_LONG);
        refuses(TpmQuote::parse, with(QUOTE, count + 6, 4), Reason.OUT_OF_RANGE);
        refuses(TpmQuote::parse, with(QUOTE, count + 10, 1), Reason.TOO_LONG);
        refuses(TpmQuote::parse, Bytes.concat(QUOTE, Bytes.zeros(1)), Reason.TRAILING);
        assertThat(quote.raw()).isEqualTo(QUOTE);
        assertThat(TpmQuote.of(
                        quote.qualifiedSigner(),
                        quote.extraData(),
                        quote.clock(),
                        quote.firmwareVersion(),
                        quote.selections(),
                        quote.pcrDigest()))
                .isEqualTo(quote);
    }

    @Test
    void readsNumbersAboveTheSignedRange() {
        int clock = 4 + 2 + 2 + 34 + 2 + TestVtpm.NONCE.length();
        assertThat(TpmQuote.parse(with(QUOTE, clock, 0xFF)).clock().milliseconds())
                .isNegative();
        assertThat(TpmQuote.parse(with(QUOTE, clock + 8, 0xFF)).clock().resetCount())
                .isPositive();
    }

    @Property(tries = 300)
    void anyBytesEndInATypedError(@ForAll @Size(max = 300) byte[] noise) {
        Bytes raw = Bytes.of(noise);
        ends(HclReport::parse, raw);
        ends(RuntimeClaims::parse, raw);
        ends(TpmQuote::parse, raw);
        ends(PcrValues::parse, raw);
        ends(PcrValues::wholeBank, raw);
        ends(HclReport::parse, Bytes.concat(BLOB.slice(0, HclReport.JSON), raw));
    }

    @Property(tries = 500)
    void anyChangedByteEndsInATypedErrorOrAValue(@ForAll @IntRange(max = 4000) int at, @ForAll byte value) {
        ends(HclReport::parse, with(BLOB, at % BLOB.length(), value));
        ends(TpmQuote::parse, with(QUOTE, at % QUOTE.length(), value));
        ends(RuntimeClaims::parse, with(Bytes.utf8(JSON), at % JSON.length(), value));
    }

    @Property(tries = 200)
    void anyTextEndsInATypedError(@ForAll @StringLength(max = 100) String text) {
        ends(RuntimeClaims::parse, Bytes.utf8(JSON.replace("RSA", text)));
        ends(RuntimeClaims::parse, Bytes.utf8(text));
    }

    private static void ends(Consumer<Bytes> parse, Bytes raw) {
        try {
            parse.accept(raw);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }
}
