package io.cloister.attestation.fuzz;

import io.cloister.attestation.Check;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Demanded;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Golden;
import io.cloister.attestation.GoogleEvidence;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Policy;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.attestation.fuzz.FuzzTarget.Format;
import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Whole verifications in which one input is a stranger's. What is accepted must say what a seed says. */
final class VerificationTargets {
    private static final EvidenceVerifier VERIFIER = new EvidenceVerifier();
    private static final Policy POLICY = Golden.policy();
    private static final Bytes REPORT = Golden.report("genoa_v3_bound");
    private static final Collateral CHAIN = Golden.collateral("genoa_vcek");
    private static final GoogleEvidence GOOGLE =
            (GoogleEvidence) Golden.evidence().getLast().hardware();

    private VerificationTargets() {}

    private static Bytes[] cbor() {
        return Golden.evidence().stream().map(EvidenceFormat.CBOR::write).toArray(Bytes[]::new);
    }

    static List<FuzzTarget> all() {
        Bytes[] whole = Golden.evidence().stream().map(Evidence::encode).toArray(Bytes[]::new);
        List<FuzzTarget> targets = new ArrayList<>();
        targets.add(FuzzTarget.canonical(
                "evidence", Format.BINARY, (Bytes input) -> Evidence.decode(input), Evidence::encode, whole));
        targets.add(FuzzTarget.canonical(
                "evidence in CBOR", Format.BINARY, EvidenceFormat.CBOR::read, EvidenceFormat.CBOR::write, cbor()));
        targets.add(FuzzTarget.of(
                "evidence in JSON",
                Format.JSON,
                input -> {
                    EvidenceFormat.JSON.read(input);
                    return FuzzTarget.READ;
                },
                Golden.evidence().stream().map(EvidenceFormat.JSON::write).toArray(Bytes[]::new)));
        targets.add(verification(
                "verification of SNP evidence", Format.BINARY, true, VerificationTargets::whole, whole[0]));
        targets.add(verification(
                "verification of quoted evidence",
                Format.BINARY,
                false,
                VerificationTargets::whole,
                whole[1],
                whole[2],
                whole[3]));
        targets.add(part("report in a verification", Format.BINARY, true, r -> new SnpEvidence(r, CHAIN), REPORT));
        targets.add(part(
                "leaf in a verification",
                Format.DER,
                true,
                leaf -> new SnpEvidence(REPORT, new Collateral(leaf, CHAIN.intermediate(), CHAIN.root())),
                CHAIN.vek()));
        targets.add(part(
                "intermediate in a verification",
                Format.DER,
                true,
                issuer -> new SnpEvidence(REPORT, new Collateral(CHAIN.vek(), issuer, CHAIN.root())),
                CHAIN.intermediate()));
        targets.add(part(
                "root in a verification",
                Format.DER,
                true,
                root -> new SnpEvidence(REPORT, new Collateral(CHAIN.vek(), CHAIN.intermediate(), root)),
                CHAIN.root()));
        targets.add(part(
                "revocation list in a verification",
                Format.DER,
                true,
                list -> new SnpEvidence(REPORT, CHAIN.with(list)),
                Golden.read("crls/empty.crl")));
        for (int i = 0; i < 3; i++) {
            int at = i;
            targets.add(part(
                    "certificate " + i + " of a TPM's key in a verification",
                    Format.DER,
                    false, // how an algorithm without parameters is written is not signed
                    changed -> {
                        List<Bytes> keys = new ArrayList<>(GOOGLE.keyCertificates());
                        keys.set(at, changed);
                        return new GoogleEvidence(REPORT, CHAIN, GOOGLE.quote(), keys);
                    },
                    GOOGLE.keyCertificates().get(i)));
        }
        return targets;
    }

    private static Verdict whole(Bytes input) {
        return VERIFIER.verify(Evidence.decode(input), Golden.LEAF, POLICY, Golden.at());
    }

    private static FuzzTarget part(
            String name, Format format, boolean exact, Function<Bytes, HardwareEvidence> evidence, Bytes... seeds) {
        Demanded demanded = Demanded.data(Golden.boundData());
        return verification(
                name,
                format,
                exact,
                input -> VERIFIER.examine(evidence.apply(input), demanded, Golden.roots(), Golden.at())
                        .appraise(POLICY),
                seeds);
    }

    /** @param exact whether nothing but a seed, byte for byte, may be accepted */
    private static FuzzTarget verification(
            String name, Format format, boolean exact, Function<Bytes, Verdict> verify, Bytes... seeds) {
        Set<Map<String, String>> genuine = new HashSet<>();
        for (Bytes seed : seeds) {
            genuine.add(verify.apply(seed).claims());
        }
        int checks = verify.apply(seeds[0]).checks().size();
        return FuzzTarget.of(
                name,
                format,
                input -> {
                    Verdict verdict = verify.apply(input);
                    if (verdict.checks().size() != checks) {
                        throw new AssertionError("a check is missing: " + verdict.summary());
                    }
                    if (verdict.toJson().isEmpty()) {
                        throw new AssertionError("a verdict without words");
                    }
                    if (!verdict.accepted()) {
                        Check first = verdict.failures().getFirst();
                        return "refused by " + first.name();
                    }
                    if (!genuine.contains(verdict.claims())
                            || exact && !List.of(seeds).contains(input)) {
                        throw new AssertionError("changed evidence is accepted: " + verdict.claims());
                    }
                    return FuzzTarget.ACCEPTED;
                },
                seeds);
    }
}
