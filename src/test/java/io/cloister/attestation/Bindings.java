package io.cloister.attestation;

import io.cloister.codec.Bytes;
import java.util.Optional;

/** What evidence says that its hardware binds, for tests of other packages. */
public final class Bindings {
    private Bindings() {}

    /** The 64 bytes that keys, leaf and path lead to. */
    public static Optional<Bytes> expected(Evidence evidence) {
        return ReportData.expected(evidence);
    }
}
