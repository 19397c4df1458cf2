package io.cloister.attestation.snp;

import static io.cloister.attestation.steps.Fault.require;

import io.cloister.attestation.steps.Fault;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Optional;
import java.util.Set;

/**
 * Whether leaf, intermediate and root are a chain to a root that is trusted. Strangers cannot fill its memory: only what
 * verified enters, and of that the last used. Thread-safe.
 */
final class ChainVerifier {
    static final String ROOT_PREFIX = "ARK-";

    private final SignatureProvider signatures;
    private final Recent<Bytes, Bytes> roots;
    private final Recent<Certificates.Encoded, Chain> chains;

    ChainVerifier(SignatureProvider signatures, int rememberedRoots, int rememberedChains) {
        this.signatures = signatures;
        this.roots = new Recent<>(rememberedRoots);
        this.chains = new Recent<>(rememberedChains);
    }

    /**
     * Reads the three and checks names, keys and signatures, or remembers to have done so with these very bytes. Whether
     * the root is trusted is asked each time.
     *
     * @throws Fault with what is wrong
     * @throws CodecException when one cannot be read
     */
    Chain verify(Certificates.Encoded encoded, Set<Bytes> testRoots) {
        Optional<Chain> known =
                chains.get(encoded).filter(chain -> !chain.simulated() || testRoots.contains(chain.rootDigest()));
        if (known.isPresent()) {
            return known.get();
        }
        Chain chain = check(Certificates.parse(encoded), testRoots);
        chains.put(encoded, chain);
        return chain;
    }

    int rememberedChains() {
        return chains.size();
    }

    private Chain check(Certificates certificates, Set<Bytes> testRoots) {
        SnpCertificate leaf = certificates.leaf();
        ProductLine line = checkRoot(certificates.root(), testRoots);
        SigningKeyKind kind = kindOf(leaf);
        checkIssuers(certificates.intermediate(), certificates.root(), line, kind);
        requireIssued(leaf, certificates.intermediate(), "the leaf");
        require(!leaf.isAuthority(), "the leaf may issue certificates");
        require(SignatureProvider.isP384(leaf.keyInfo()), "the leaf's key is not on P-384");
        Bytes rootDigest = certificates.root().keyDigest();
        return new Chain(
                certificates,
                kind,
                line,
                rootDigest,
                ProductLine.ofRoot(rootDigest).isEmpty(),
                signatures.p384Key(leaf.keyInfo()));
    }

    /** The line of a root that is trusted. */
    private static ProductLine checkRoot(SnpCertificate root, Set<Bytes> testRoots) {
        Bytes digest = root.keyDigest();
        Optional<ProductLine> genuine = ProductLine.ofRoot(digest);
        require(
                genuine.isPresent() || testRoots.contains(digest),
                () -> "no trust in root " + root.commonName() + " with key " + digest);
        return genuine.or(() -> lineOfName(root))
                .orElseThrow(() -> new Fault("the root's name tells no product line: " + root.commonName()));
    }

    private void checkIssuers(SnpCertificate intermediate, SnpCertificate root, ProductLine line, SigningKeyKind kind) {
        require(root.commonName().equals(ROOT_PREFIX + line.title()), () -> "the root is named " + root.commonName());
        require(
                intermediate.commonName().equals(kind.issuerName(line)),
                () -> "a " + kind + " of " + line.title() + " is not issued by " + intermediate.commonName());
        requireSelfSigned(root);
        requireIssued(intermediate, root, "the intermediate certificate");
        require(root.isAuthority() && intermediate.isAuthority(), "an issuer may not issue certificates");
    }

    private void requireSelfSigned(SnpCertificate root) {
        if (roots.get(root.encode()).isEmpty()) {
            requireIssued(root, root, "the root");
            roots.put(root.encode(), root.encode());
        }
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
        require(subject.namesAsIssuer(issuer), () -> what + " names another issuer");
        require(subject.hasAmdSignatureAlgorithm(), () -> what + " is not signed with RSASSA-PSS and SHA-384");
        require(!subject.hasUnknownCriticalExtension(), () -> what + " has a critical extension that is not known");
        require(
                signatures.verifyPss(issuer.keyInfo(), subject.signedBytes(), subject.signature()),
                () -> what + "'s signature does not verify");
    }

    /** Why these two cannot stand above a leaf of this kind; empty when they can. */
    Optional<String> issuersFault(
            Bytes intermediate, Bytes root, ProductLine line, SigningKeyKind kind, Set<Bytes> testRoots) {
        try {
            SnpCertificate parsedRoot = SnpCertificate.parse(root);
            require(checkRoot(parsedRoot, testRoots) == line, "the root is not that of " + line.title());
            checkIssuers(SnpCertificate.parse(intermediate), parsedRoot, line, kind);
            return Optional.empty();
        } catch (Fault | CodecException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
