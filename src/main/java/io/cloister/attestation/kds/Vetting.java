package io.cloister.attestation.kds;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.attestation.snp.ChainVerdict;
import io.cloister.attestation.snp.Crl;
import io.cloister.attestation.snp.Endorsement;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SignatureProvider;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.attestation.snp.SnpVerifier;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.Set;

/** What is looked at before anything is kept or handed out: the way to a trusted root, chip, TCB, dates. */
final class Vetting {
    private final SignatureProvider signatures = SignatureProvider.best();
    private final SnpVerifier verifier = new SnpVerifier(signatures);
    private final Set<Bytes> testRoots;

    Vetting(Set<Bytes> testRoots) {
        this.testRoots = Set.copyOf(testRoots);
    }

    /** Answers what the chain endorses when it is that of this chip at this TCB, whatever the moment. */
    Endorsement leaf(ChipKey key, Collateral chain) throws MissException {
        ChainVerdict verdict = verifier.endorsement(chain.vek(), chain.intermediate(), chain.root(), testRoots);
        Endorsement endorsement = switch (verdict) {
            case ChainVerdict.Holds holds -> holds.endorsement();
            case ChainVerdict.Broken broken -> throw new MissException(Reason.UNTRUSTED, broken.detail());
        };
        if (endorsement.line() != key.line()
                || endorsement.chipId().filter(key.chipId()::equals).isEmpty()) {
            throw new MissException(Reason.MISMATCH, "the certificate is for another chip");
        }
        if (!endorsement.tcb().equals(key.tcb())) {
            throw new MissException(Reason.MISMATCH, "the certificate is for TCB " + endorsement.tcb());
        }
        return endorsement;
    }

    /** A chain that was looked at, and what it stands for. */
    record Vetted(Collateral chain, Endorsement endorsement) {}

    /** The same, valid at an instant as well. */
    Vetted leaf(ChipKey key, Collateral chain, Instant at) throws MissException {
        Endorsement endorsement = leaf(key, chain);
        if (!endorsement.isValidAt(at)) {
            throw new MissException(
                    Reason.OUT_OF_DATE,
                    "the chain is valid from " + endorsement.notBefore() + " to " + endorsement.notAfter());
        }
        return new Vetted(chain, endorsement);
    }

    void issuers(ProductLine line, SigningKeyKind kind, Issuers issuers) throws MissException {
        var fault = verifier.issuersFault(issuers.intermediate(), issuers.root(), line, kind, testRoots);
        if (fault.isPresent()) {
            throw new MissException(Reason.UNTRUSTED, fault.get());
        }
    }

    /** A list that this root, which must be trusted already, signed at some time. */
    Crl list(Bytes der, Bytes root) throws MissException {
        try {
            Crl list = Crl.parse(der);
            var forgery = list.forgery(SnpCertificate.parse(root), signatures);
            if (forgery.isPresent()) {
                throw new MissException(Reason.UNTRUSTED, forgery.get());
            }
            return list;
        } catch (CodecException e) {
            throw new MissException(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }

    /** The same, and it counts at an instant. */
    Crl list(Bytes der, Bytes root, Instant at) throws MissException {
        Crl list = list(der, root);
        if (at.isBefore(list.thisUpdate()) || at.isAfter(list.nextUpdate())) {
            throw new MissException(
                    Reason.OUT_OF_DATE, "the list counts from " + list.thisUpdate() + " to " + list.nextUpdate());
        }
        return list;
    }
}
