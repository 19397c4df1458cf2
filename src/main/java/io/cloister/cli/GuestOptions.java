package io.cloister.cli;

import io.cloister.attestation.Demanded;
import io.cloister.attestation.tpm.HclReport;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A running guest's evidence as files. */
final class GuestOptions {
    static final String USAGE = "[--report FILE] [--report-data HEX] [--azure-blob FILE [--quote FILE"
            + " --quote-signature FILE --pcrs FILE] [--event-log FILE] [--nonce HEX] [--user-data HEX]] "
            + CollateralOptions.USAGE;

    private static final String REPORT = "--report";
    private static final String BLOB = "--azure-blob";
    private static final List<String> QUOTE = List.of("--quote", "--quote-signature", "--pcrs");
    private static final Set<String> OWN = Set.of(
            REPORT,
            BLOB,
            "--report-data",
            "--quote",
            "--quote-signature",
            "--pcrs",
            "--event-log",
            "--nonce",
            "--user-data");

    /** With a value each. */
    static final Set<String> OPTIONS =
            Stream.concat(OWN.stream(), CollateralOptions.OPTIONS.stream()).collect(Collectors.toUnmodifiableSet());

    /** Without one. */
    static final Set<String> FLAGS = CollateralOptions.FLAGS;

    private static final int WHOLE_BANK = 24 * 32;
    private static final int UNUSABLE = 2;

    private final Arguments arguments;

    private GuestOptions(Arguments arguments) {
        this.arguments = arguments;
    }

    /**
     * The evidence, if any was given.
     *
     * @throws CommandFailed with code 2 for half of one
     */
    static Optional<GuestFiles> read(Arguments arguments) {
        if (arguments.option(REPORT).isEmpty() && arguments.option(BLOB).isEmpty()) {
            refuse(arguments, "%s counts only beside --report or --azure-blob", Set.of());
            return Optional.empty();
        }
        return Optional.of(new GuestOptions(arguments).files());
    }

    private GuestFiles files() {
        Optional<Bytes> blob = file(BLOB);
        Optional<Bytes> report = file(REPORT);
        if (blob.isEmpty()) {
            Stream.concat(QUOTE.stream(), Stream.of("--event-log", "--nonce", "--user-data"))
                    .filter(option -> arguments.option(option).isPresent())
                    .findFirst()
                    .ifPresent(option -> {
                        throw new CommandFailed(UNUSABLE, option + " counts only beside --azure-blob");
                    });
        }
        CollateralOptions collateral = new CollateralOptions(arguments);
        return new GuestFiles(
                report,
                blob,
                quote(),
                demanded(blob.isPresent()),
                collateral.read(report.orElseGet(() -> reportIn(blob.orElseThrow()))),
                collateral.at());
    }

    private static Bytes reportIn(Bytes blob) {
        try {
            return HclReport.parse(blob).hardwareReport();
        } catch (CodecException unreadable) {
            return Bytes.EMPTY;
        }
    }

    private Demanded demanded(boolean azure) {
        Optional<Bytes> data = hex("--report-data");
        if (azure && data.isPresent()) {
            throw new CommandFailed(
                    UNUSABLE, "--report-data: behind Azure's paravisor the nonce of the quote is what a guest chooses");
        }
        try {
            return new Demanded(data, hex("--nonce"), hex("--user-data"));
        } catch (CodecException e) {
            throw new CommandFailed(UNUSABLE, String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<QuoteEvidence> quote() {
        List<String> given = QUOTE.stream()
                .filter(option -> arguments.option(option).isPresent())
                .toList();
        if (given.isEmpty() && arguments.option("--event-log").isPresent()) {
            throw new CommandFailed(UNUSABLE, "--event-log counts only beside --quote");
        }
        if (given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() < QUOTE.size()) {
            throw new CommandFailed(UNUSABLE, String.join(", ", QUOTE) + " go together");
        }
        return Optional.of(new QuoteEvidence(
                file("--quote").orElseThrow(),
                file("--quote-signature").orElseThrow(),
                pcrs(file("--pcrs").orElseThrow()),
                file("--event-log").orElse(Bytes.EMPTY)));
    }

    /** The whole bank, or a bitmap and the values that it names; what is neither claims no PCR at all. */
    private static PcrValues pcrs(Bytes raw) {
        try {
            return raw.length() == WHOLE_BANK ? PcrValues.wholeBank(raw) : PcrValues.parse(raw);
        } catch (CodecException e) {
            return PcrValues.NONE;
        }
    }

    private Optional<Bytes> file(String option) {
        return InputFile.optional(option, arguments).map(InputFile::read);
    }

    private Optional<Bytes> hex(String option) {
        return hex(arguments, option);
    }

    /** @throws CommandFailed with code 2 for what is no hexadecimal */
    static Optional<Bytes> hex(Arguments arguments, String option) {
        return arguments.option(option).map(text -> {
            try {
                return Bytes.hex(text);
            } catch (CodecException e) {
                throw new CommandFailed(UNUSABLE, option + " takes bytes in hexadecimal", e);
            }
        });
    }

    /** Refuses the first of these options that was given, but for some. */
    static void refuse(Arguments arguments, String why, Set<String> but) {
        OPTIONS.stream()
                .sorted()
                .filter(option ->
                        !but.contains(option) && arguments.option(option).isPresent())
                .findFirst()
                .ifPresent(option -> {
                    throw new CommandFailed(UNUSABLE, String.format(Locale.ROOT, why, option));
                });
    }
}
