package io.cloister.attestation.tpm;

import static io.cloister.attestation.steps.Fault.require;

import io.cloister.attestation.steps.Fault;
import io.cloister.attestation.steps.StepRun;
import io.cloister.codec.Bytes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One run of the steps. A step that finds fault throws {@link Fault} with the reason, which becomes an outcome. */
final class QuoteVerificationRun {
    private final QuoteEvidence evidence;
    private final Bytes nonce;
    private final StepRun<QuoteStep> steps = new StepRun<>(QuoteStep.class);

    QuoteVerificationRun(QuoteEvidence evidence, Bytes nonce) {
        this.evidence = evidence;
        this.nonce = nonce;
    }

    QuoteVerification azure(Bytes blob, Optional<Bytes> userData) {
        Optional<RuntimeClaims> claims = steps.run(
                QuoteStep.BINDING,
                () -> boundClaims(blob, userData),
                found -> "REPORT_DATA is the hash of the runtime claims"
                        + userData.map(d -> ", with the user data").orElse(""));
        return claims.map(found -> quote(found.attestationKey(), claims))
                .orElseGet(() -> withoutKey("no key is bound to the hardware report"));
    }

    QuoteVerification vouched(RsaKey key) {
        steps.skip(QuoteStep.BINDING, "the key is vouched for by the caller");
        return quote(key, Optional.empty());
    }

    private QuoteVerification withoutKey(String why) {
        steps.run(QuoteStep.QUOTE_FORMAT, () -> TpmQuote.parse(evidence.quote()), QuoteVerificationRun::describe);
        steps.skipRest(why);
        return new QuoteVerification(steps.outcomes(), Optional.empty());
    }

    private QuoteVerification quote(RsaKey key, Optional<RuntimeClaims> claims) {
        Optional<TpmQuote> parsed = steps.run(
                QuoteStep.QUOTE_FORMAT, () -> TpmQuote.parse(evidence.quote()), QuoteVerificationRun::describe);
        if (parsed.isEmpty()) {
            steps.skipRest("the quote cannot be read");
            return new QuoteVerification(steps.outcomes(), Optional.empty());
        }
        TpmQuote quote = parsed.get();
        if (!steps.check(QuoteStep.QUOTE_SIGNATURE, () -> checkSignature(quote, key))) {
            steps.skipRest("the quote is not signed by the bound key");
            return new QuoteVerification(steps.outcomes(), Optional.empty());
        }
        steps.check(QuoteStep.QUOTE_NONCE, () -> checkNonce(quote));
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
                        : Optional.of(new VerifiedQuote(quote, key, evidence.pcrs(), claims, events)));
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

    private String checkSignature(TpmQuote quote, RsaKey key) {
        require(key.signed(quote.raw(), evidence.signature()), "the key did not sign this quote");
        return "RSASSA-PKCS1-v1_5 with SHA-256, " + key.modulus().length() * Byte.SIZE + " bits";
    }

    private String checkNonce(TpmQuote quote) {
        require(
                !nonce.isEmpty() && nonce.length() <= TpmQuote.MAX_EXTRA_DATA,
                "a nonce of " + nonce.length() + " bytes cannot be demanded");
        require(
                equal(quote.extraData(), nonce),
                quote.extraData().isEmpty() ? "the quote has no nonce" : "the quote has another nonce");
        return nonce.length() + " bytes";
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
