package io.cloister.attestation.tpm;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** A virtual TPM as Azure has it, without a TPM: an RSA key, PCRs, and a blob around a simulated chip's report. */
public final class TestVtpm {
    public static final Bytes NONCE = TestChips.filled(32, 0x42);

    private static final Bytes NAME = Bytes.concat(Bytes.hex("000b"), Hashes.sha256(Bytes.utf8("a name")));
    private static final TpmQuote.Clock CLOCK = new TpmQuote.Clock(123_456, 3, 1, true);

    private static final class Shared {
        static final SimulatedChip CHIP = TestChips.chip(ProductLine.GENOA);
        static final TestVtpm FIRST = new TestVtpm(newKey());
        static final TestVtpm SECOND = new TestVtpm(newKey());
    }

    private final KeyPair pair;

    private TestVtpm(KeyPair pair) {
        this.pair = pair;
    }

    public static TestVtpm first() {
        return Shared.FIRST;
    }

    /** Another machine. */
    public static TestVtpm second() {
        return Shared.SECOND;
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public RsaKey key() {
        return new RsaKey(unsigned(((RSAPublicKey) pair.getPublic()).getModulus()));
    }

    private static Bytes unsigned(BigInteger number) {
        Bytes bytes = Bytes.wrap(number.toByteArray());
        return bytes.at(0) == 0 ? bytes.slice(1, bytes.length() - 1) : bytes;
    }

    /** Runtime claims as the paravisor writes them, with this attestation key. */
    public static String json(RsaKey key, Bytes userData) {
        return "{\"keys\":[" + jwk("HCLAkPub", key) + "],\"vm-configuration\":{\"console-enabled\":true,"
                + "\"secure-boot\":true,\"tpm-enabled\":true,"
                + "\"vmUniqueId\":\"00000000-0000-4000-8000-000000000000\"},\"user-data\":\""
                + Bytes.concat(userData, Bytes.zeros(64 - userData.length()))
                        .toHex()
                        .toUpperCase(Locale.ROOT)
                + "\"}";
    }

    static String jwk(String id, RsaKey key) {
        return "{\"kid\":\"" + id + "\",\"key_ops\":[\"sign\"],\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(key.modulus().toArray())
                + "\"}";
    }

    /** A blob over this JSON whose report a simulated chip signed. */
    public static Bytes blob(String json) {
        Bytes bytes = Bytes.utf8(json);
        return blob(bytes, Bytes.concat(Hashes.sha256(bytes), Bytes.zeros(32)));
    }

    static Bytes blob(Bytes json, Bytes reportData) {
        Bytes report = Shared.CHIP.sign(TestChips.report(Shared.CHIP, 3).reportData(reportData));
        return new HclReport(
                        1,
                        HclReport.ReportType.SNP,
                        report,
                        TpmHash.SHA256,
                        json,
                        RuntimeClaims.parse(Bytes.utf8(json(Shared.FIRST.key(), Bytes.EMPTY))))
                .encode();
    }

    public Bytes blob() {
        return blob(json(key(), Bytes.EMPTY));
    }

    public static Collateral collateral() {
        return Shared.CHIP.collateral();
    }

    public static PcrValues pcrs() {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        for (int pcr = 0; pcr < PcrSelection.PCRS; pcr++) {
            values.put(pcr, TestChips.filled(32, pcr));
        }
        return new PcrValues(values);
    }

    QuoteEvidence quote(Bytes nonce, PcrValues pcrs, Bytes log) {
        return quote(nonce, List.of(pcrs.selection()), pcrs.digest(), pcrs, log);
    }

    /** A quote over one thing beside claims of another. */
    QuoteEvidence quote(Bytes nonce, List<PcrSelection> quoted, Bytes digest, PcrValues claimed, Bytes log) {
        Bytes quote =
                TpmQuote.of(NAME, nonce, CLOCK, 0x2020_0312, quoted, digest).raw();
        return new QuoteEvidence(quote, sign(quote), claimed, log);
    }

    Bytes sign(Bytes message) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(pair.getPrivate());
            signer.update(message.toArray());
            return Bytes.wrap(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
