package io.cloister.attestation.snp;

import static io.cloister.attestation.steps.Fault.require;

import io.cloister.attestation.steps.Fault;
import io.cloister.attestation.steps.StepRun;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One run of the verification's steps. A step that finds fault throws {@link Fault} with the reason; the run turns it
 * into an outcome and goes on with every step that still means something.
 */
final class SnpVerificationRun {
    private final SignatureProvider signatures;
    private final ChainVerifier chains;
    private final Set<Bytes> testRoots;
    private final Instant at;
    private final StepRun<Step> steps = new StepRun<>(Step.class);

    SnpVerificationRun(SignatureProvider signatures, ChainVerifier chains, Set<Bytes> testRoots, Instant at) {
        this.signatures = signatures;
        this.chains = chains;
        this.testRoots = testRoots;
        this.at = at;
    }

    Verification run(Bytes reportBytes, Certificates.Encoded encoded, Optional<Bytes> crl) {
        Optional<AttestationReport> parsed = steps.run(
                Step.REPORT_FORMAT,
                () -> AttestationReport.parse(reportBytes),
                report -> "version " + report.version());
        if (parsed.isEmpty()) {
            steps.skipRest("the report cannot be read");
            return new Verification(steps.outcomes(), Optional.empty());
        }
        AttestationReport report = parsed.get();
        Optional<Chain> chain = steps.run(
                Step.CERTIFICATE_CHAIN,
                () -> chains.verify(encoded, testRoots),
                found -> (found.simulated() ? "test root " : "AMD root ")
                        + ChainVerifier.ROOT_PREFIX
                        + found.line().title());
        if (chain.isEmpty()) {
            reportLineMismatch(report, encoded);
            steps.skipRest("the certificate chain does not hold");
            return new Verification(steps.outcomes(), Optional.empty());
        }
        checkAgainst(report, chain.get(), crl);
        return new Verification(steps.outcomes(), verified(report, chain.get()));
    }

    private void checkAgainst(AttestationReport report, Chain chain, Optional<Bytes> crl) {
        Certificates certificates = chain.certificates();
        steps.check(Step.CERTIFICATE_VALIDITY, () -> checkDates(certificates));
        crl.ifPresentOrElse(
                list -> steps.check(Step.REVOCATION, () -> checkRevocation(certificates, list)),
                () -> steps.skip(Step.REVOCATION, "no revocation list was given"));
        steps.check(Step.PRODUCT_LINE, () -> checkLine(report, chain.leaf(), chain.line()));
        if (steps.passed(Step.PRODUCT_LINE)) {
            steps.check(Step.TCB_MATCH, () -> checkTcb(report, chain));
            steps.check(Step.CHIP_ID, () -> checkChip(report, chain));
        }
        steps.check(Step.REPORT_SIGNATURE, () -> checkSignature(report, chain));
        steps.skipRest("report and chain are of different product lines");
    }

    private Optional<VerifiedReport> verified(AttestationReport report, Chain chain) {
        boolean genuine = Stream.of(Step.values())
                .allMatch(step -> steps.passed(step) || step == Step.REVOCATION && steps.skipped(step));
        if (!genuine) {
            return Optional.empty();
        }
        Optional<String> provider =
                chain.kind() == SigningKeyKind.VLEK ? chain.leaf().provider() : Optional.empty();
        return Optional.of(new VerifiedReport(
                report, chain.line(), chain.kind(), provider, chain.rootDigest(), chain.simulated()));
    }

    private String checkDates(Certificates certificates) {
        for (SnpCertificate certificate : certificates.all()) {
            require(
                    !at.isBefore(certificate.notBefore()),
                    () -> certificate.commonName() + " is not valid before " + certificate.notBefore());
            require(
                    !at.isAfter(certificate.notAfter()),
                    () -> certificate.commonName() + " is not valid after " + certificate.notAfter());
        }
        return "all three at " + at;
    }

    private String checkRevocation(Certificates certificates, Bytes crl) {
        Crl list = Crl.parse(crl);
        list.fault(certificates.root(), signatures, at).ifPresent(why -> {
            throw new Fault(why);
        });
        for (SnpCertificate certificate : certificates.all()) {
            require(!list.revokes(certificate), () -> certificate.commonName() + " is revoked");
        }
        return "none of the three is among " + list.size() + " revoked, by the list of " + list.thisUpdate() + " until "
                + list.nextUpdate();
    }

    /** A chain that fails may fail because it belongs to another line: then say so as well. */
    private void reportLineMismatch(AttestationReport report, Certificates.Encoded encoded) {
        try {
            Certificates read = Certificates.parse(encoded);
            ProductLine.ofRoot(read.root().keyDigest()).ifPresent(line -> reportLineMismatch(report, read, line));
        } catch (CodecException e) {
            // The chain's outcome says already that it cannot be read.
        }
    }

    private void reportLineMismatch(AttestationReport report, Certificates read, ProductLine line) {
        steps.check(Step.PRODUCT_LINE, () -> checkLine(report, read.leaf(), line));
        if (steps.passed(Step.PRODUCT_LINE)) {
            steps.forget(Step.PRODUCT_LINE); // nothing is proved by names alone
        }
    }

    private static String checkLine(AttestationReport report, SnpCertificate leaf, ProductLine line) {
        Endorsement.requireLine(leaf, line);
        report.cpuid()
                .ifPresent(cpuid -> require(
                        ProductLine.ofCpuid(cpuid.family(), cpuid.model())
                                .filter(line::equals)
                                .isPresent(),
                        () -> "the report comes from processor " + cpuid + ", the root is for " + line.title()));
        return line.title()
                + report.cpuid().map(cpuid -> ", processor " + cpuid).orElse(", the report states no processor");
    }

    private static String checkTcb(AttestationReport report, Chain chain) {
        TcbLayout layout = chain.line().tcbLayout();
        Tcb reported = Tcb.decode(layout, report.reportedTcb());
        Tcb committed = Tcb.decode(layout, report.committedTcb());
        Tcb current = Tcb.decode(layout, report.currentTcb());
        Tcb.decode(layout, report.launchTcb()); // its reserved bytes, too
        require(chain.leaf().hasFmcExtension() == layout.hasFmc(), "the leaf's TCB is of another layout");
        Tcb certified = chain.leaf().tcb(layout);
        require(certified.equals(reported), () -> "the leaf is for " + certified + ", the report states " + reported);
        require(committed.covers(reported), () -> "reported " + reported + " is above committed " + committed);
        require(current.covers(committed), () -> "committed " + committed + " is above current " + current);
        return reported.toString();
    }

    private static String checkChip(AttestationReport report, Chain chain) {
        int length = chain.line().chipIdLength();
        Bytes stated = report.chipId();
        require(
                stated.slice(length, stated.length() - length).equals(Bytes.zeros(stated.length() - length)),
                () -> "a chip id of " + chain.line().title() + " has " + length + " bytes");
        if (chain.kind() == SigningKeyKind.VLEK) {
            String provider = chain.leaf().provider().orElseThrow(() -> new Fault("the VLEK names no provider"));
            return "the key belongs to " + provider + ", not to one chip";
        }
        Bytes certified = chain.leaf()
                .hardwareId(length)
                .orElseThrow(() -> new Fault("the leaf states no chip id of " + length + " bytes"));
        require(
                certified.equals(stated.slice(0, length)),
                () -> "the leaf is for chip " + certified + ", the report from " + stated);
        return certified.toString();
    }

    private String checkSignature(AttestationReport report, Chain chain) {
        SigningKeyKind stated = report.signingKey().orElseThrow(() -> new Fault("the report is not signed"));
        require(
                stated == chain.kind(),
                () -> "the report is signed by a " + stated + ", the leaf is a " + chain.kind());
        require(
                chain.leafKey()
                        .filter(key -> signatures.verifyP384(
                                key, report.signedBytes(), report.signatureR(), report.signatureS()))
                        .isPresent(),
                "the leaf's key did not sign this report");
        return stated + ", P-384";
    }
}
