package io.cloister.attestation.snp;

import static io.cloister.attestation.steps.Fault.require;

import io.cloister.attestation.steps.Fault;
import io.cloister.attestation.steps.StepRun;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One run of the verification's steps. A step that finds fault throws {@link Fault} with the reason; the run turns it
 * into an outcome and goes on with every step that still means something.
 */
final class SnpVerificationRun {
    private static final String ROOT_PREFIX = "ARK-";

    private final SignatureProvider signatures;
    private final Set<Bytes> testRoots;
    private final Instant at;
    private final StepRun<Step> steps = new StepRun<>(Step.class);

    SnpVerificationRun(SignatureProvider signatures, Set<Bytes> testRoots, Instant at) {
        this.signatures = signatures;
        this.testRoots = testRoots;
        this.at = at;
    }

    /** Three certificates that could be read. */
    private record Certificates(SnpCertificate leaf, SnpCertificate intermediate, SnpCertificate root) {
        List<SnpCertificate> all() {
            return List.of(leaf, intermediate, root);
        }
    }

    /** What a chain that verified stands for. */
    private record Chain(
            SnpCertificate leaf, SigningKeyKind kind, ProductLine line, Bytes rootDigest, boolean simulated) {}

    Verification run(Bytes reportBytes, Bytes leaf, Bytes intermediate, Bytes root, Optional<Bytes> crl) {
        Optional<AttestationReport> parsed = steps.run(
                Step.REPORT_FORMAT,
                () -> AttestationReport.parse(reportBytes),
                report -> "version " + report.version());
        if (parsed.isEmpty()) {
            steps.skipRest("the report cannot be read");
            return new Verification(steps.outcomes(), Optional.empty());
        }
        AttestationReport report = parsed.get();
        Optional<Certificates> certificates = readCertificates(leaf, intermediate, root);
        Optional<Chain> chain = certificates.flatMap(read -> steps.run(
                Step.CERTIFICATE_CHAIN,
                () -> checkChain(read),
                found -> (found.simulated() ? "test root " : "AMD root ")
                        + ROOT_PREFIX
                        + found.line().title()));
        if (chain.isEmpty()) {
            certificates.ifPresent(read -> reportLineMismatch(report, read));
            steps.skipRest("the certificate chain does not hold");
            return new Verification(steps.outcomes(), Optional.empty());
        }
        checkAgainst(report, certificates.orElseThrow(), chain.get(), crl);
        return new Verification(steps.outcomes(), verified(report, chain.get()));
    }

    ChainVerdict endorsement(Bytes leaf, Bytes intermediate, Bytes root) {
        try {
            Certificates certificates = new Certificates(
                    SnpCertificate.parse(leaf), SnpCertificate.parse(intermediate), SnpCertificate.parse(root));
            return new ChainVerdict.Holds(endorsement(certificates, checkChain(certificates)));
        } catch (Fault | CodecException e) {
            return new ChainVerdict.Broken(String.valueOf(e.getMessage()));
        }
    }

    Optional<String> issuersFault(Bytes intermediate, Bytes root, ProductLine line, SigningKeyKind kind) {
        try {
            SnpCertificate parsedRoot = SnpCertificate.parse(root);
            require(checkRoot(parsedRoot) == line, "the root is not that of " + line.title());
            checkIssuers(SnpCertificate.parse(intermediate), parsedRoot, line, kind);
            return Optional.empty();
        } catch (Fault | CodecException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Endorsement endorsement(Certificates certificates, Chain chain) {
        ProductLine line = chain.line();
        SnpCertificate leaf = chain.leaf();
        checkTitle(leaf, line);
        require(leaf.hasFmcExtension() == line.tcbLayout().hasFmc(), "the leaf's TCB is of another layout");
        Optional<Bytes> chipId =
                chain.kind() == SigningKeyKind.VLEK ? Optional.empty() : leaf.hardwareId(line.chipIdLength());
        require(
                chain.kind() == SigningKeyKind.VLEK || chipId.isPresent(),
                "the leaf states no chip id of " + line.chipIdLength() + " bytes");
        List<SnpCertificate> all = certificates.all();
        return new Endorsement(
                line,
                chain.kind(),
                chipId,
                leaf.tcb(line.tcbLayout()),
                chain.rootDigest(),
                chain.simulated(),
                Collections.max(all.stream().map(SnpCertificate::notBefore).toList()),
                Collections.min(all.stream().map(SnpCertificate::notAfter).toList()));
    }

    private void checkAgainst(AttestationReport report, Certificates certificates, Chain chain, Optional<Bytes> crl) {
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

    private Optional<Certificates> readCertificates(Bytes leaf, Bytes intermediate, Bytes root) {
        try {
            return Optional.of(new Certificates(
                    SnpCertificate.parse(leaf), SnpCertificate.parse(intermediate), SnpCertificate.parse(root)));
        } catch (CodecException e) {
            steps.fail(Step.CERTIFICATE_CHAIN, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Chain checkChain(Certificates certificates) {
        SnpCertificate leaf = certificates.leaf();
        ProductLine line = checkRoot(certificates.root());
        SigningKeyKind kind = kindOf(leaf);
        checkIssuers(certificates.intermediate(), certificates.root(), line, kind);
        requireIssued(leaf, certificates.intermediate(), "the leaf");
        require(!leaf.isAuthority(), "the leaf may issue certificates");
        require(SignatureProvider.isP384(leaf.keyInfo()), "the leaf's key is not on P-384");
        Bytes rootDigest = certificates.root().keyDigest();
        return new Chain(
                leaf, kind, line, rootDigest, ProductLine.ofRoot(rootDigest).isEmpty());
    }

    /** The line of a root that is trusted. */
    private ProductLine checkRoot(SnpCertificate root) {
        Bytes digest = root.keyDigest();
        Optional<ProductLine> genuine = ProductLine.ofRoot(digest);
        require(
                genuine.isPresent() || testRoots.contains(digest),
                "no trust in root " + root.commonName() + " with key " + digest);
        return genuine.or(() -> lineOfName(root))
                .orElseThrow(() -> new Fault("the root's name tells no product line: " + root.commonName()));
    }

    private void checkIssuers(SnpCertificate intermediate, SnpCertificate root, ProductLine line, SigningKeyKind kind) {
        require(root.commonName().equals(ROOT_PREFIX + line.title()), "the root is named " + root.commonName());
        require(
                intermediate.commonName().equals(kind.issuerName(line)),
                "a " + kind + " of " + line.title() + " is not issued by " + intermediate.commonName());
        requireIssued(root, root, "the root");
        requireIssued(intermediate, root, "the intermediate certificate");
        require(root.isAuthority() && intermediate.isAuthority(), "an issuer may not issue certificates");
    }

    private static Optional<ProductLine> lineOfName(SnpCertificate root) {
        String name = root.commonName();
        return name.startsWith(ROOT_PREFIX)
                ? ProductLine.ofTitle(name.substring(ROOT_PREFIX.length()))
                : Optional.empty();
    }

    private static SigningKeyKind kindOf(SnpCertificate leaf) {
        for (SigningKeyKind kind : SigningKeyKind.values()) {
            if (leaf.commonName().equals(kind.leafName)) {
                return kind;
            }
        }
        throw new Fault("the leaf is named " + leaf.commonName() + ", neither VCEK nor VLEK");
    }

    private void requireIssued(SnpCertificate subject, SnpCertificate issuer, String what) {
        require(subject.namesAsIssuer(issuer), what + " names another issuer");
        require(subject.hasAmdSignatureAlgorithm(), what + " is not signed with RSASSA-PSS and SHA-384");
        require(!subject.hasUnknownCriticalExtension(), what + " has a critical extension that is not known");
        require(
                signatures.verifyPss(issuer.keyInfo(), subject.signedBytes(), subject.signature()),
                what + "'s signature does not verify");
    }

    private String checkDates(Certificates certificates) {
        for (SnpCertificate certificate : certificates.all()) {
            require(
                    !at.isBefore(certificate.notBefore()),
                    certificate.commonName() + " is not valid before " + certificate.notBefore());
            require(
                    !at.isAfter(certificate.notAfter()),
                    certificate.commonName() + " is not valid after " + certificate.notAfter());
        }
        return "all three at " + at;
    }

    private String checkRevocation(Certificates certificates, Bytes crl) {
        Crl list = Crl.parse(crl);
        list.fault(certificates.root(), signatures, at).ifPresent(why -> {
            throw new Fault(why);
        });
        for (SnpCertificate certificate : certificates.all()) {
            require(!list.revokes(certificate), certificate.commonName() + " is revoked");
        }
        return "none of the three is among " + list.size() + " revoked, by the list of " + list.thisUpdate() + " until "
                + list.nextUpdate();
    }

    /** A chain that fails may fail because it belongs to another line: then say so as well. */
    private void reportLineMismatch(AttestationReport report, Certificates certificates) {
        ProductLine.ofRoot(certificates.root().keyDigest()).ifPresent(line -> {
            steps.check(Step.PRODUCT_LINE, () -> checkLine(report, certificates.leaf(), line));
            if (steps.passed(Step.PRODUCT_LINE)) {
                steps.forget(Step.PRODUCT_LINE); // nothing is proved by names alone
            }
        });
    }

    private static String checkLine(AttestationReport report, SnpCertificate leaf, ProductLine line) {
        checkTitle(leaf, line);
        report.cpuid()
                .ifPresent(cpuid -> require(
                        ProductLine.ofCpuid(cpuid.family(), cpuid.model())
                                .filter(line::equals)
                                .isPresent(),
                        "the report comes from processor " + cpuid + ", the root is for " + line.title()));
        return line.title()
                + report.cpuid().map(cpuid -> ", processor " + cpuid).orElse(", the report states no processor");
    }

    private static void checkTitle(SnpCertificate leaf, ProductLine line) {
        String title = leaf.productTitle().orElseThrow(() -> new Fault("the leaf states no product"));
        require(
                ProductLine.ofTitle(title).filter(line::equals).isPresent(),
                "the leaf is for " + title + ", the root for " + line.title());
    }

    private static String checkTcb(AttestationReport report, Chain chain) {
        TcbLayout layout = chain.line().tcbLayout();
        Tcb reported = Tcb.decode(layout, report.reportedTcb());
        Tcb committed = Tcb.decode(layout, report.committedTcb());
        Tcb current = Tcb.decode(layout, report.currentTcb());
        Tcb.decode(layout, report.launchTcb()); // its reserved bytes, too
        require(chain.leaf().hasFmcExtension() == layout.hasFmc(), "the leaf's TCB is of another layout");
        Tcb certified = chain.leaf().tcb(layout);
        require(certified.equals(reported), "the leaf is for " + certified + ", the report states " + reported);
        require(committed.covers(reported), "reported " + reported + " is above committed " + committed);
        require(current.covers(committed), "committed " + committed + " is above current " + current);
        return reported.toString();
    }

    private static String checkChip(AttestationReport report, Chain chain) {
        int length = chain.line().chipIdLength();
        Bytes stated = report.chipId();
        require(
                stated.slice(length, stated.length() - length).equals(Bytes.zeros(stated.length() - length)),
                "a chip id of " + chain.line().title() + " has " + length + " bytes");
        if (chain.kind() == SigningKeyKind.VLEK) {
            String provider = chain.leaf().provider().orElseThrow(() -> new Fault("the VLEK names no provider"));
            return "the key belongs to " + provider + ", not to one chip";
        }
        Bytes certified = chain.leaf()
                .hardwareId(length)
                .orElseThrow(() -> new Fault("the leaf states no chip id of " + length + " bytes"));
        require(
                certified.equals(stated.slice(0, length)),
                "the leaf is for chip " + certified + ", the report from " + stated);
        return certified.toString();
    }

    private String checkSignature(AttestationReport report, Chain chain) {
        SigningKeyKind stated = report.signingKey().orElseThrow(() -> new Fault("the report is not signed"));
        require(stated == chain.kind(), "the report is signed by a " + stated + ", the leaf is a " + chain.kind());
        require(
                signatures.verifyP384(
                        chain.leaf().keyInfo(), report.signedBytes(), report.signatureR(), report.signatureS()),
                "the leaf's key did not sign this report");
        return stated + ", P-384, checked by " + signatures.name();
    }
}
