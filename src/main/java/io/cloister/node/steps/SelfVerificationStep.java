package io.cloister.node.steps;

import io.cloister.attestation.Demanded;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Examination;
import io.cloister.attestation.HardwareEvidence;
import io.cloister.attestation.Policy;
import io.cloister.attestation.Verdict;
import io.cloister.attestation.platform.Platform;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;

/**
 * Judges this node's own report by its own policy, before anything is unsealed: a node that its peers would refuse says
 * so at once. The report binds the keys of this boot that exist already.
 */
@ApplicationScoped
public class SelfVerificationStep implements BootStep {
    private static final Bytes LABEL = Bytes.utf8("cloister/self-verification/v1");

    @Override
    public String name() {
        return BootStage.SELF_VERIFICATION.name();
    }

    @Override
    public void run(BootContext context) throws IOException {
        Policy policy = Policy.parse(
                Bytes.of(Files.readAllBytes(context.get(Settings.class).policyFile())));
        Platform platform = context.get(Platform.class);
        BootKeys keys = context.get(BootKeys.class);
        Bytes data = Hashes.sha512(LABEL, keys.tls().spki(), keys.shareKey(), keys.hpkeKey());
        HardwareEvidence evidence = platform.attest(data);
        EvidenceVerifier verifier = new EvidenceVerifier(SignatureProvider.fastest(System::nanoTime));
        Examination examination =
                verifier.examine(evidence, Demanded.data(data), policy.roots().testRoots(), Instant.now());
        Verdict verdict = examination.appraise(policy);
        if (!verdict.accepted()) {
            throw new IllegalStateException("this node does not satisfy its own policy: " + verdict.summary());
        }
        context.provide(Policy.class, policy);
        context.provide(EvidenceVerifier.class, verifier);
        context.provide(
                SelfVerdict.class,
                new SelfVerdict(
                        verdict, examination.genuine().orElseThrow().hardware().report()));
    }

    /** What the node found out about itself. */
    public record SelfVerdict(Verdict verdict, AttestationReport report) {}
}
