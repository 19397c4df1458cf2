package io.cloister.attestation.release;

import io.cloister.codec.Bytes;

/** What maintainers sign. The signed message is the kind's label, a zero byte and the document, byte for byte. */
public enum SignedKind {
    RELEASE("cloister/release/v1"),
    REVOCATIONS("cloister/revocations/v1");

    private final Bytes prefix;

    SignedKind(String label) {
        this.prefix = Bytes.concat(Bytes.utf8(label), Bytes.zeros(1));
    }

    Bytes message(Bytes document) {
        return Bytes.concat(prefix, document);
    }
}
