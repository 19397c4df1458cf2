package io.cloister.api;

import io.cloister.consensus.Certificate;
import java.util.List;

/** A certificate: taken apart for reading, and whole for checking. */
record CertificateView(
        long epoch, long height, int round, String blockId, List<SignatureView> signatures, String encoded) {

    record SignatureView(int slot, String signature) {}

    static CertificateView of(Certificate certificate) {
        return new CertificateView(
                certificate.epoch(),
                certificate.height(),
                certificate.round(),
                certificate.blockId().to0x(),
                certificate.signatures().stream()
                        .map(s -> new SignatureView(s.slot(), s.signature().to0x()))
                        .toList(),
                certificate.encode().to0x());
    }
}
