package io.cloister.cli;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.AmdIssuers;
import io.cloister.attestation.kds.ChipKey;
import io.cloister.attestation.kds.CollateralService;
import io.cloister.attestation.kds.CollateralSettings;
import io.cloister.attestation.kds.Issuers;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates behind a report: those given, AMD's own above them where none were given, and the leaf from a store or
 * AMD's service where there is none at all.
 */
final class CollateralOptions {
    static final String USAGE =
            "[--leaf FILE] [--issuer FILE] [--root FILE] [--crl FILE] [--at INSTANT]" + " [--store FOLDER] [--offline]";
    static final Set<String> OPTIONS = Set.of("--leaf", "--issuer", "--root", "--crl", "--at", "--store");
    static final Set<String> FLAGS = Set.of("--offline");

    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final int MAX_LIST = Collateral.MAX_REVOCATIONS;

    private final Arguments arguments;
    private final Instant at;

    CollateralOptions(Arguments arguments) {
        this.arguments = arguments;
        this.at = VerifyCommand.at(arguments);
    }

    Instant at() {
        return at;
    }

    Collateral read(Bytes report) {
        Optional<Bytes> leaf = der("--leaf");
        Optional<Collateral> found = leaf.isPresent() ? Optional.empty() : search(report);
        Bytes vek = leaf.or(() -> found.map(Collateral::vek)).orElse(Bytes.EMPTY);
        Optional<Bytes> given = der("--issuer");
        Issuers own = AmdIssuers.of(line(given, vek, report), kind(given, vek));
        Collateral chain = new Collateral(
                bounded("--leaf", vek),
                bounded(
                        "--issuer",
                        given.or(() -> found.map(Collateral::intermediate)).orElse(own.intermediate())),
                bounded(
                        "--root",
                        der("--root").or(() -> found.map(Collateral::root)).orElse(own.root())));
        return der("--crl").map(list -> withList(chain, list)).orElse(chain);
    }

    private static Collateral withList(Collateral chain, Bytes list) {
        if (list.length() > MAX_LIST) {
            throw new CommandFailed(2, "--crl: longer than " + MAX_LIST + " bytes");
        }
        return chain.with(list);
    }

    private static Bytes bounded(String option, Bytes certificate) {
        if (certificate.length() > SnpCertificate.MAX_SIZE) {
            throw new CommandFailed(2, option + ": longer than " + SnpCertificate.MAX_SIZE + " bytes");
        }
        return certificate;
    }

    private Optional<Bytes> der(String option) {
        return InputFile.optional(option, arguments).map(DerFile::read);
    }

    /** The issuer's name tells the line best, then the leaf's product, then the processor in the report. */
    private static ProductLine line(Optional<Bytes> issuer, Bytes leaf, Bytes report) {
        return issuer.flatMap(CollateralOptions::parse)
                .flatMap(certificate -> lineOfName(certificate.commonName()))
                .or(() -> parse(leaf).flatMap(SnpCertificate::productTitle).flatMap(ProductLine::ofTitle))
                .or(() -> lineOfReport(report))
                .orElse(ProductLine.GENOA);
    }

    private static Optional<ProductLine> lineOfName(String name) {
        return ProductLine.ofTitle(name.substring(name.lastIndexOf('-') + 1));
    }

    private static Optional<ProductLine> lineOfReport(Bytes report) {
        return parseReport(report)
                .flatMap(AttestationReport::cpuid)
                .flatMap(cpuid -> ProductLine.ofCpuid(cpuid.family(), cpuid.model()));
    }

    private static SigningKeyKind kind(Optional<Bytes> issuer, Bytes leaf) {
        boolean cloud = issuer.or(() -> Optional.of(leaf))
                .flatMap(CollateralOptions::parse)
                .filter(certificate -> certificate.commonName().contains(SigningKeyKind.VLEK.name()))
                .isPresent();
        return cloud ? SigningKeyKind.VLEK : SigningKeyKind.VCEK;
    }

    private Optional<Collateral> search(Bytes report) {
        List<ChipKey> keys = parseReport(report).map(ChipKey::of).orElse(List.of());
        CollateralSettings settings = InputFile.optional("--store", arguments)
                .map(CollateralSettings.NONE::withStore)
                .orElse(CollateralSettings.NONE);
        if (!arguments.has("--offline")) {
            settings = settings.withKds(CollateralSettings.AMD);
        }
        try (CollateralService service = new CollateralService(settings, InstantSource.fixed(at))) {
            for (ChipKey key : keys) {
                Optional<Collateral> found =
                        service.collateral(key, Optional.empty(), PATIENCE).value();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        System.err.println("cloister: no leaf was given, and none was found for this chip and TCB");
        return Optional.empty();
    }

    private static Optional<AttestationReport> parseReport(Bytes report) {
        try {
            return Optional.of(AttestationReport.parse(report));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }

    private static Optional<SnpCertificate> parse(Bytes der) {
        try {
            return Optional.of(SnpCertificate.parse(der));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }
}
