package io.cloister.attestation.snp;

import static io.cloister.attestation.steps.Fault.require;

import io.cloister.attestation.steps.Fault;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a chain that verified says about the key of its leaf.
 *
 * @param line of the root that verified
 * @param chipId the significant bytes; empty for a VLEK
 * @param rootDigest SHA-256 of the root's SubjectPublicKeyInfo
 * @param simulated whether the root is a test root and not AMD's
 * @param notBefore from when all three certificates are valid
 * @param notAfter until when all three are
 */
public record Endorsement(
        ProductLine line,
        SigningKeyKind kind,
        Optional<Bytes> chipId,
        Tcb tcb,
        Bytes rootDigest,
        boolean simulated,
        Instant notBefore,
        Instant notAfter) {

    /** Whether all three certificates are valid at an instant. */
    public boolean isValidAt(Instant at) {
        return !at.isBefore(notBefore) && !at.isAfter(notAfter);
    }

    /** Throws {@link Fault} when the leaf does not fit the line. */
    static Endorsement of(Chain chain) {
        ProductLine line = chain.line();
        SnpCertificate leaf = chain.leaf();
        requireLine(leaf, line);
        require(leaf.hasFmcExtension() == line.tcbLayout().hasFmc(), "the leaf's TCB is of another layout");
        Optional<Bytes> chipId =
                chain.kind() == SigningKeyKind.VLEK ? Optional.empty() : leaf.hardwareId(line.chipIdLength());
        require(
                chain.kind() == SigningKeyKind.VLEK || chipId.isPresent(),
                "the leaf states no chip id of " + line.chipIdLength() + " bytes");
        List<SnpCertificate> all = chain.certificates().all();
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

    /** Throws {@link Fault} unless the leaf is for a product of this line. */
    static void requireLine(SnpCertificate leaf, ProductLine line) {
        String title = leaf.productTitle().orElseThrow(() -> new Fault("the leaf states no product"));
        require(
                ProductLine.ofTitle(title).filter(line::equals).isPresent(),
                () -> "the leaf is for " + title + ", the root for " + line.title());
    }
}
