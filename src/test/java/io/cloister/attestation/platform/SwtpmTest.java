package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.tpm.AzureVtpm;
import io.cloister.attestation.tpm.EventLog;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.LogBuilder;
import io.cloister.attestation.tpm.LogEvent;
import io.cloister.attestation.tpm.PcrSelection;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteChecks;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.attestation.tpm.QuoteStep;
import io.cloister.attestation.tpm.QuoteVerification;
import io.cloister.attestation.tpm.QuoteVerifier;
import io.cloister.attestation.tpm.ResponseCode.Kind;
import io.cloister.attestation.tpm.RsaKey;
import io.cloister.attestation.tpm.TestVtpm;
import io.cloister.attestation.tpm.Tpm;
import io.cloister.attestation.tpm.TpmException;
import io.cloister.attestation.tpm.TpmHash;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a software TPM that plays Azure's: blob in NV, persistent key, quotes and what is wrong with them. */
class SwtpmTest {
    private static final Bytes NONCE = TestChips.filled(48, 7);
    private static final PcrSelection ALL = new PcrSelection(0x000B, 0xFF_FFFF);
    private static final PcrSelection SOME = PcrSelection.sha256(List.of(0, 7, 16));

    @TempDir
    static Path folder;

    private static Optional<Swtpm> swtpm = Optional.empty();
    private static TpmSocket socket;
    private static Tpm tpm;
    private static AzureVtpm azure;
    private static RsaKey key;

    private final QuoteVerifier verifier = new QuoteVerifier();

    @BeforeAll
    static void start() throws IOException {
        swtpm = Optional.of(Swtpm.start(folder, true));
        socket = swtpm.get().connect();
        tpm = new Tpm(socket);
        azure = new AzureVtpm(tpm);
        Tpm.LoadedKey made = tpm.createAttestationKey();
        tpm.persist(made.handle(), AzureVtpm.ATTESTATION_KEY);
        tpm.flush(made.handle());
        key = tpm.readPublic(AzureVtpm.ATTESTATION_KEY).key();
        assertThat(made.publicArea().key()).isEqualTo(key);
        Bytes blob = blob(Bytes.EMPTY);
        tpm.nvDefine(AzureVtpm.BLOB, blob.length());
        tpm.nvWrite(AzureVtpm.BLOB, blob);
    }

    @AfterAll
    static void stop() {
        swtpm.ifPresent(running -> {
            socket.close();
            running.close();
        });
    }

    private static Bytes blob(Bytes userData) {
        return TestVtpm.blob(TestVtpm.json(key, userData));
    }

    private QuoteVerification verify(QuoteEvidence evidence) {
        return verifier.verifyAzure(azure.blob(), evidence, NONCE, Optional.empty());
    }

    private static void refuses(Kind kind, ThrowingCallable call) {
        assertThatExceptionOfType(TpmException.Refused.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }

    @Test
    void acceptsAQuoteOverAllPcrs() {
        QuoteVerification verification = verify(azure.quote(NONCE, ALL));

        assertThat(QuoteChecks.failed(verification)).isEmpty();
        assertThat(verification.quote().orElseThrow().pcrs().values()).hasSize(24);
        assertThat(HclReport.parse(azure.blob()).hardwareReport().length()).isEqualTo(1184);
    }

    @Test
    void makesKeysThatSignOnlyWhatTheTpmMade() {
        assertThat(tpm.readPublic(AzureVtpm.ATTESTATION_KEY).isAttestationKey()).isTrue();
    }

    @Test
    void refusesAnotherNonce() {
        for (Bytes other : new Bytes[] {TestChips.filled(48, 8), NONCE.slice(0, 47), TestChips.filled(64, 7)}) {
            assertThat(QuoteChecks.failed(verify(azure.quote(other, SOME)))).containsExactly(QuoteStep.QUOTE_NONCE);
        }
        assertThat(QuoteChecks.failed(verify(azure.quote(Bytes.EMPTY, SOME)))).containsExactly(QuoteStep.QUOTE_NONCE);
    }

    @Test
    void refusesAnotherSelectionOrBank() {
        PcrValues claimed = tpm.pcrRead(SOME);
        PcrSelection otherBank = new PcrSelection(0x000C, SOME.bitmap());
        for (List<PcrSelection> quoted : List.of(
                List.of(ALL),
                List.of(PcrSelection.sha256(List.of(0, 7))),
                List.of(otherBank),
                List.of(SOME, otherBank),
                List.<PcrSelection>of())) {
            Tpm.SignedQuote quote = tpm.quote(AzureVtpm.ATTESTATION_KEY, NONCE, quoted);
            assertThat(QuoteChecks.failed(
                            verify(new QuoteEvidence(quote.quote(), quote.signature(), claimed, Bytes.EMPTY))))
                    .as("%s", quoted)
                    .containsExactly(QuoteStep.PCR_SELECTION);
        }
    }

    @Test
    void refusesAQuoteByAnotherKeyOfTheSameTpm() {
        Tpm.LoadedKey other = tpm.createAttestationKey();
        Tpm.SignedQuote quote = tpm.quote(other.handle(), NONCE, List.of(SOME));
        tpm.flush(other.handle());
        QuoteEvidence evidence = new QuoteEvidence(quote.quote(), quote.signature(), tpm.pcrRead(SOME), Bytes.EMPTY);

        assertThat(QuoteChecks.failed(verify(evidence))).containsExactly(QuoteStep.QUOTE_SIGNATURE);
        assertThat(verifier.verify(other.publicArea().key(), evidence, NONCE).quote())
                .isPresent();
        refuses(Kind.NO_SUCH_HANDLE, () -> tpm.quote(other.handle(), NONCE, List.of(SOME)));
    }

    @Test
    void refusesPcrValuesThatChangedAfterTheQuote() {
        QuoteEvidence before = azure.quote(NONCE, SOME);
        tpm.pcrExtend(16, Hashes.sha256(Bytes.utf8("more")));
        PcrValues after = tpm.pcrRead(SOME);

        assertThat(after).isNotEqualTo(before.pcrs());
        assertThat(QuoteChecks.failed(verify(before))).isEmpty();
        assertThat(QuoteChecks.failed(
                        verify(new QuoteEvidence(before.quote(), before.signature(), after, Bytes.EMPTY))))
                .containsExactly(QuoteStep.PCR_DIGEST);
    }

    @Test
    void refusesQuotesCutAnywhere() {
        QuoteEvidence good = azure.quote(NONCE, SOME);
        Bytes blob = azure.blob();
        for (int length = 0; length < good.quote().length(); length++) {
            QuoteEvidence cut =
                    new QuoteEvidence(good.quote().slice(0, length), good.signature(), good.pcrs(), Bytes.EMPTY);
            assertThat(QuoteChecks.failed(verifier.verifyAzure(blob, cut, NONCE, Optional.empty())))
                    .as("%d bytes", length)
                    .containsExactly(QuoteStep.QUOTE_FORMAT);
        }
        for (int length = 0; length < good.signature().length(); length++) {
            QuoteEvidence cut =
                    new QuoteEvidence(good.quote(), good.signature().slice(0, length), good.pcrs(), Bytes.EMPTY);
            assertThat(QuoteChecks.failed(verifier.verifyAzure(blob, cut, NONCE, Optional.empty())))
                    .containsExactly(QuoteStep.QUOTE_SIGNATURE);
        }
    }

    @Test
    void provesFreshnessByUserData() {
        Bytes userData = TestChips.filled(64, 0x3C);
        azure.requestReport(userData);
        Bytes written = tpm.nvRead(AzureVtpm.USER_DATA);
        assertThat(written).isEqualTo(userData);
        Bytes stale = azure.blob();
        Bytes fresh = blob(written);
        QuoteEvidence evidence = azure.quote(NONCE, SOME);

        assertThat(QuoteChecks.failed(verifier.verifyAzure(stale, evidence, NONCE, Optional.of(userData))))
                .containsExactly(QuoteStep.BINDING);
        assertThat(QuoteChecks.failed(verifier.verifyAzure(fresh, evidence, NONCE, Optional.of(userData))))
                .isEmpty();
        azure.requestReport(Bytes.utf8("short"));
        assertThat(tpm.nvRead(AzureVtpm.USER_DATA)).isEqualTo(Bytes.concat(Bytes.utf8("short"), Bytes.zeros(59)));
    }

    @Test
    void replaysALogToThePcrsThatTheTpmHas() {
        Bytes log = new LogBuilder()
                .measured(11, "a kernel")
                .measured(12, "a command line")
                .measured(11, "its initial file system")
                .build();
        for (LogEvent event : EventLog.parse(log).events()) {
            tpm.pcrExtend((int) event.pcr(), event.digest(TpmHash.SHA256).orElseThrow());
        }
        QuoteEvidence quote = azure.quote(NONCE, PcrSelection.sha256(List.of(0, 11, 12)));

        QuoteVerification good = verify(new QuoteEvidence(quote.quote(), quote.signature(), quote.pcrs(), log));
        assertThat(QuoteChecks.failed(good)).isEmpty();
        assertThat(good.passed(QuoteStep.EVENT_LOG)).isTrue();
        assertThat(good.quote().orElseThrow().events()).hasSize(3);
        Bytes other = new LogBuilder().measured(11, "another kernel").build();
        assertThat(QuoteChecks.failed(verify(new QuoteEvidence(quote.quote(), quote.signature(), quote.pcrs(), other))))
                .isEqualTo(Set.of(QuoteStep.EVENT_LOG));
    }

    @Test
    void tellsRefusalsApart() {
        long index = 0x01500001L;
        refuses(Kind.NO_SUCH_HANDLE, () -> tpm.nvReadPublic(index));
        refuses(Kind.NO_SUCH_HANDLE, () -> tpm.readPublic(0x81000099L));
        tpm.nvDefine(index, 700);
        refuses(Kind.NV_DEFINED, () -> tpm.nvDefine(index, 700));
        assertThat(tpm.nvReadPublic(index).written()).isFalse();
        refuses(Kind.NV_NOT_WRITTEN, () -> tpm.nvRead(index));
        refuses(Kind.NV_RANGE, () -> tpm.nvWrite(index, Bytes.zeros(701)));
        tpm.nvWrite(index, TestChips.filled(700, 9));
        assertThat(tpm.nvRead(index)).isEqualTo(TestChips.filled(700, 9));
        tpm.nvUndefine(index);
        refuses(Kind.NO_SUCH_HANDLE, () -> tpm.nvRead(index));
        refuses(Kind.INVALID, () -> tpm.quote(AzureVtpm.ATTESTATION_KEY, Bytes.zeros(200), List.of(SOME)));
    }

    @Test
    void readsPcrsOneByOneAndAllAtOnce() {
        PcrValues all = tpm.pcrRead(ALL);
        TreeMap<Integer, Bytes> singly = new TreeMap<>();
        for (int pcr = 0; pcr < PcrSelection.PCRS; pcr++) {
            singly.putAll(tpm.pcrRead(PcrSelection.sha256(List.of(pcr))).values());
        }
        assertThat(new PcrValues(singly)).isEqualTo(all);
        assertThat(tpm.pcrRead(PcrSelection.sha256(List.of()))).isEqualTo(PcrValues.NONE);
    }

    @Test
    void startsATpmUpOnceAndFindsItStartedThen(@TempDir Path other) throws IOException {
        try (Swtpm fresh = Swtpm.start(other, false);
                TpmSocket connection = fresh.connect()) {
            Tpm client = new Tpm(connection);
            refuses(Kind.NOT_STARTED, () -> client.pcrRead(ALL));
            client.startup();
            client.startup();
            assertThat(client.pcrRead(ALL).values()).hasSize(24);
        }
    }
}
