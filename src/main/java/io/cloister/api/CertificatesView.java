package io.cloister.api;

import io.cloister.attestation.HardwareEvidence;
import java.util.SortedMap;
import java.util.TreeMap;

/** The certificates of one kind of evidence by their names, DER as hex. */
record CertificatesView(String kind, SortedMap<String, String> certificates) {
    static CertificatesView of(HardwareEvidence hardware) {
        SortedMap<String, String> named = new TreeMap<>();
        hardware.certificates().forEach((name, der) -> named.put(name, der.to0x()));
        return new CertificatesView(hardware.kind(), named);
    }
}
