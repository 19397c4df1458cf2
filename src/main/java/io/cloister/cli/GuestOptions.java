package io.cloister.cli;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.release.GuestEvidence;
import io.cloister.attestation.release.GuestEvidence.AzureQuote;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A running guest's evidence as files. */
final class GuestOptions {
    static final String USAGE = "[--report FILE [--report-data HEX] | --azure-blob FILE --quote FILE"
            + " --quote-signature FILE --pcrs FILE --nonce HEX [--event-log FILE] [--profile NAME]]"
            + " [--leaf FILE --issuer FILE --root FILE [--crl FILE] [--at INSTANT]]";

    static final Set<String> OPTIONS = Set.of(
            "--report",
            "--report-data",
            "--azure-blob",
            "--quote",
            "--quote-signature",
            "--pcrs",
            "--nonce",
            "--event-log",
            "--profile",
            "--leaf",
            "--issuer",
            "--root",
            "--crl",
            "--at");

    private static final int MAX_NONCE = 64;
    private static final int REPORT_DATA_SIZE = 64;
    private static final int WHOLE_BANK = 24 * 32;

    private final Arguments arguments;

    private GuestOptions(Arguments arguments) {
        this.arguments = arguments;
    }

    /**
     * The evidence, if any was given.
     *
     * @throws CommandFailed with code 2 for half of one
     */
    static Optional<GuestEvidence> read(Arguments arguments) {
        boolean report = arguments.option("--report").isPresent();
        boolean quote = arguments.option("--azure-blob").isPresent();
        if (report && quote) {
            throw new CommandFailed(2, "--azure-blob has a report in it: leave --report out");
        }
        if (!report && !quote) {
            OPTIONS.stream()
                    .sorted()
                    .filter(option -> arguments.option(option).isPresent())
                    .findFirst()
                    .ifPresent(option -> {
                        throw new CommandFailed(2, option + " counts only beside --report or --azure-blob");
                    });
            return Optional.empty();
        }
        try {
            GuestOptions options = new GuestOptions(arguments);
            return Optional.of(report ? options.report() : options.quote());
        } catch (CodecException e) {
            throw new CommandFailed(2, "no guest's evidence: " + e.getMessage(), e);
        }
    }

    private GuestEvidence report() {
        return GuestEvidence.ofReport(
                InputFile.read(InputFile.path("--report", arguments)),
                collateral(),
                crl(),
                arguments.option("--report-data").map(hex -> Numbers.bytes("--report-data", hex, REPORT_DATA_SIZE)),
                at());
    }

    private GuestEvidence quote() {
        QuoteEvidence evidence = new QuoteEvidence(
                InputFile.read(InputFile.path("--quote", arguments)),
                InputFile.read(InputFile.path("--quote-signature", arguments)),
                pcrs(InputFile.path("--pcrs", arguments)),
                InputFile.optional("--event-log", arguments)
                        .map(InputFile::read)
                        .orElse(Bytes.EMPTY));
        AzureQuote quote = new AzureQuote(
                InputFile.read(InputFile.path("--azure-blob", arguments)),
                evidence,
                nonce(arguments.required("--nonce")),
                arguments.option("--profile").orElse("azure"));
        return GuestEvidence.ofQuote(quote, collateral(), crl(), at());
    }

    private static Bytes nonce(String hex) {
        Bytes nonce = Bytes.hex(hex);
        if (nonce.isEmpty() || nonce.length() > MAX_NONCE) {
            throw new CommandFailed(2, "--nonce takes 1 to " + MAX_NONCE + " bytes in hexadecimal");
        }
        return nonce;
    }

    /** The whole bank, or a bitmap and the values that it names. */
    private static PcrValues pcrs(Path file) {
        Bytes raw = InputFile.read(file);
        try {
            return raw.length() == WHOLE_BANK ? PcrValues.wholeBank(raw) : PcrValues.parse(raw);
        } catch (CodecException e) {
            throw new CommandFailed(2, file + ": no values of PCRs: " + e.getMessage(), e);
        }
    }

    private Collateral collateral() {
        return new Collateral(der("--leaf"), der("--issuer"), der("--root"));
    }

    private Bytes der(String option) {
        return DerFile.read(InputFile.path(option, arguments));
    }

    private Optional<Bytes> crl() {
        return InputFile.optional("--crl", arguments).map(DerFile::read);
    }

    private Instant at() {
        return VerifyCommand.at(arguments);
    }
}
