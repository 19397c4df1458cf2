package io.cloister.attestation.tpm;

import static io.cloister.attestation.steps.Fault.require;

import io.cloister.attestation.steps.Fault;
import io.cloister.attestation.steps.Outcome;
import io.cloister.attestation.steps.StepRun;
import io.cloister.codec.Bytes;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One run of the steps. A step that finds fault throws {@link Fault} with the reason, which becomes an outcome. */
final class QuoteVerificationRun {
    private final QuoteEvidence evidence;
    private final Optional<Bytes> nonce;
    private final StepRun<QuoteStep> steps = new StepRun<>(QuoteStep.class);

    QuoteVerificationRun(QuoteEvidence evidence, Optional<Bytes> nonce) {
        this.evidence = evidence;
        this.nonce = nonce;
    }

    QuoteVerification azure(Bytes blob, Optional<Bytes> userData) {
        Optional<RuntimeClaims> claims = bind(steps, blob, userData);
        return claims.map(found -> quote(found::attestationKey, claims))
                .orElseGet(() -> withoutKey("no key is bound to the hardware report"));
    }

    static Outcome azureBinding(Bytes blob, Optional<Bytes> userData) {
        StepRun<QuoteStep> alone = new StepRun<>(QuoteStep.class);
        bind(alone, blob, userData);
        return Objects.requireNonNull(alone.outcomes().get(QuoteStep.BINDING));
    }

    private static Optional<RuntimeClaims> bind(StepRun<QuoteStep> steps, Bytes blob, Optional<Bytes> userData) {
        return steps.run(
                QuoteStep.BINDING,
                () -> boundClaims(blob, userData),
                found -> "REPORT_DATA is the hash of the runtime claims"
                        + userData.map(d -> ", with the user data").orElse(""));
    }

    QuoteVerification google(List<Bytes> chain, Set<Bytes> testRoots, Instant at) {
        steps.skip(QuoteStep.BINDING, "the cloud's certificates vouch for the key");
        return quote(() -> GoogleKeys.certified(chain, testRoots, at), Optional.empty());
    }

    QuoteVerification vouched(RsaKey key) {
        steps.skip(QuoteStep.BINDING, "the key is vouched for by the caller");
        return quote(() -> key, Optional.empty());
    }

    private QuoteVerification withoutKey(String why) {
        steps.run(QuoteStep.QUOTE_FORMAT, () -> TpmQuote.parse(evidence.quote()), QuoteVerificationRun::describe);
        steps.skipRest(why);
        return new QuoteVerification(steps.outcomes(), Optional.empty());
    }

    private QuoteVerification quote(Supplier<RsaKey> vouchedKey, Optional<RuntimeClaims> claims) {
        Optional<TpmQuote> parsed = steps.run(
                QuoteStep.QUOTE_FORMAT, () -> TpmQuote.parse(evidence.quote()), QuoteVerificationRun::describe);
        if (parsed.isEmpty()) {
            steps.skipRest("the quote cannot be read");
            return new QuoteVerification(steps.outcomes(), Optional.empty());
        }
        TpmQuote quote = parsed.get();
        Optional<RsaKey> signer = steps.run(
                QuoteStep.QUOTE_SIGNATURE, () -> signer(quote, vouchedKey.get()), QuoteVerificationRun::describe);
        if (signer.isEmpty()) {
            steps.skipRest("the quote is not signed by the bound key");
            return new QuoteVerification(steps.outcomes(), Optional.empty());
        }
        nonce.ifPresentOrElse(
                demanded -> steps.check(QuoteStep.QUOTE_NONCE, () -> checkNonce(quote, demanded)),
                () -> steps.skip(QuoteStep.QUOTE_NONCE, "no nonce to compare with was given"));
        List<LogEvent> events = new ArrayList<>();
        if (steps.check(QuoteStep.PCR_SELECTION, () -> checkSelection(quote))
                && steps.check(QuoteStep.PCR_DIGEST, () -> checkDigest(quote))) {
            checkLog(events);
        }
        steps.skipRest("the PCR values are not those quoted");
        return new QuoteVerification(
                steps.outcomes(),
                steps.anyFailed()
                        ? Optional.empty()
                        : Optional.of(new VerifiedQuote(quote, signer.get(), evidence.pcrs(), claims, events)));
    }

    private static RuntimeClaims boundClaims(Bytes blob, Optional<Bytes> userData) {
        HclReport report = HclReport.parse(blob);
        require(report.reportType() == HclReport.ReportType.SNP, "the blob holds a report of " + report.reportType());
        require(report.isBound(), "REPORT_DATA is not the SHA-256 of the runtime claims and 32 zero bytes");
        userData.ifPresent(expected -> checkUserData(report.claims(), expected));
        return report.claims();
    }

    private static void checkUserData(RuntimeClaims claims, Bytes expected) {
        require(
                !expected.isEmpty() && expected.length() <= RuntimeClaims.USER_DATA_SIZE,
                "user data of " + expected.length() + " bytes cannot be demanded");
        Bytes stated = claims.userData().orElseThrow(() -> new Fault("the runtime claims have no user data"));
        Bytes padded = Bytes.concat(expected, Bytes.zeros(RuntimeClaims.USER_DATA_SIZE - expected.length()));
        require(equal(stated, padded), "the runtime claims have other user data");
    }

    private static String describe(TpmQuote quote) {
        return "TPM firmware " + Long.toHexString(quote.firmwareVersion()) + ", reset "
                + quote.clock().resetCount();
    }

    private RsaKey signer(TpmQuote quote, RsaKey key) {
        require(key.signed(quote.raw(), evidence.signature()), "the key did not sign this quote");
        return key;
    }

    private static String describe(RsaKey key) {
        return "RSASSA-PKCS1-v1_5 with SHA-256, " + key.modulus().length() * Byte.SIZE + " bits";
    }

    private static String checkNonce(TpmQuote quote, Bytes demanded) {
        require(
                !demanded.isEmpty() && demanded.length() <= TpmQuote.MAX_EXTRA_DATA,
                "a nonce of " + demanded.length() + " bytes cannot be demanded");
        require(
                equal(quote.extraData(), demanded),
                quote.extraData().isEmpty() ? "the quote has no nonce" : "the quote has another nonce");
        return demanded.length() + " bytes";
    }

    private String checkSelection(TpmQuote quote) {
        PcrSelection claimed = evidence.pcrs().selection();
        require(claimed.bitmap() != 0, "no PCR values are claimed, the quote is over " + quote.selections());
        require(
                quote.selections().equals(List.of(claimed)),
                "the quote is over " + quote.selections() + ", claimed are " + claimed);
        return claimed.toString();
    }

    private String checkDigest(TpmQuote quote) {
        Bytes digest = evidence.pcrs().digest();
        require(equal(quote.pcrDigest(), digest), "the PCR values are not those quoted");
        return digest.toHex();
    }

    private void checkLog(List<LogEvent> proved) {
        if (evidence.eventLog().isEmpty()) {
            steps.skip(QuoteStep.EVENT_LOG, "no event log was sent");
            return;
        }
        steps.check(QuoteStep.EVENT_LOG, () -> {
            EventLog log = EventLog.parse(evidence.eventLog());
            String detail = checkReplay(log);
            for (LogEvent event : log.events()) {
                if (event.extendsPcr() && evidence.pcrs().get((int) event.pcr()).isPresent()) {
                    proved.add(event);
                }
            }
            return detail;
        });
    }

    /** Each quoted PCR that the log extends has the log's value; events of PCRs that were not quoted prove nothing. */
    private String checkReplay(EventLog log) {
        List<Integer> replayed = new ArrayList<>();
        List<Integer> unquoted = new ArrayList<>();
        log.replay(TpmHash.SHA256).forEach((pcr, value) -> {
            Optional<Bytes> quoted = evidence.pcrs().get(pcr);
            quoted.ifPresent(v -> require(v.equals(value), "the log does not replay to PCR " + pcr));
            (quoted.isPresent() ? replayed : unquoted).add(pcr);
        });
        require(!replayed.isEmpty(), "the log extends none of the quoted PCRs");
        return "PCRs " + replayed + " replay" + (unquoted.isEmpty() ? "" : "; not quoted: " + unquoted);
    }

    private static boolean equal(Bytes one, Bytes other) {
        return MessageDigest.isEqual(one.toArray(), other.toArray());
    }
}
