package io.cloister.attestation.snp;

import io.cloister.attestation.steps.Fault;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Verifies that a report was signed by genuine AMD firmware: the report's bytes, the chain leaf - intermediate - root
 * to a pinned root, dates, revocation, product line, TCB, chip and signature, each as a step of its own. A test root takes the
 * place of AMD's only where the caller names its digest. Keeps nothing but {@link Memory}; thread-safe.
 */
public final class SnpVerifier {
    private final SignatureProvider signatures;
    private final ChainVerifier chains;

    /** Verifies with the fastest sound provider. */
    public SnpVerifier() {
        this(SignatureProvider.best());
    }

    /** Verifies with a chosen provider and remembers chains. */
    public SnpVerifier(SignatureProvider signatures) {
        this(signatures, Memory.CHAINS);
    }

    /** With less memory than that, which costs time and changes no verdict. */
    public SnpVerifier(SignatureProvider signatures, Memory memory) {
        this(signatures, memory.roots, memory.chains);
    }

    SnpVerifier(SignatureProvider signatures, int rememberedRoots, int rememberedChains) {
        this.signatures = signatures;
        this.chains = new ChainVerifier(signatures, rememberedRoots, rememberedChains);
    }

    /**
     * Runs all steps; never throws for any input bytes.
     *
     * @param report 1184 bytes
     * @param leaf VCEK or VLEK, DER
     * @param intermediate ASK or ASVK, DER
     * @param root ARK, DER
     * @param testRoots SHA-256 of the SubjectPublicKeyInfo of each test root to be accepted, none in production
     * @param at the moment for which the certificates must be valid
     */
    public Verification verify(
            Bytes report, Bytes leaf, Bytes intermediate, Bytes root, Set<Bytes> testRoots, Instant at) {
        return verify(report, leaf, intermediate, root, Optional.empty(), testRoots, at);
    }

    /**
     * The same with a revocation list; without one the step {@code revocation} is skipped, which fails nothing.
     *
     * @param crl what the root signed as its revocation list, DER
     */
    public Verification verify(
            Bytes report,
            Bytes leaf,
            Bytes intermediate,
            Bytes root,
            Optional<Bytes> crl,
            Set<Bytes> testRoots,
            Instant at) {
        return new SnpVerificationRun(signatures, chains, testRoots, at)
                .run(report, new Certificates.Encoded(leaf, intermediate, root), crl);
    }

    /**
     * What three certificates are worth without a report and without a moment; never throws for any input bytes. For
     * those who keep certificates, so that they keep none that no report could ever use.
     */
    public ChainVerdict endorsement(Bytes leaf, Bytes intermediate, Bytes root, Set<Bytes> testRoots) {
        try {
            Chain chain = chains.verify(new Certificates.Encoded(leaf, intermediate, root), testRoots);
            return new ChainVerdict.Holds(Endorsement.of(chain));
        } catch (Fault | CodecException e) {
            return new ChainVerdict.Broken(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Why these two cannot stand above a leaf, whatever the moment; empty when they lead to a root that is trusted. Never
     * throws for any input bytes.
     */
    public Optional<String> issuersFault(
            Bytes intermediate, Bytes root, ProductLine line, SigningKeyKind kind, Set<Bytes> testRoots) {
        return chains.issuersFault(intermediate, root, line, kind, testRoots);
    }

    /** How many chains are remembered now. */
    int rememberedChains() {
        return chains.rememberedChains();
    }
}
