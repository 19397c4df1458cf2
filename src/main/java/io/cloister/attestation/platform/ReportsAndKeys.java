package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;

/** Reports from one source and derived keys from another on the same machine, as configfs-tsm has no keys. */
final class ReportsAndKeys implements Platform {
    private final Platform reports;
    private final Platform keys;

    /** Takes both over and closes them in the end. */
    ReportsAndKeys(Platform reports, Platform keys) {
        this.reports = reports;
        this.keys = keys;
    }

    @Override
    public String name() {
        return reports.name() + ", keys from " + keys.name();
    }

    @Override
    public Bytes report(Bytes reportData64) {
        return reports.report(reportData64);
    }

    @Override
    public Collateral collateral() {
        return reports.collateral();
    }

    @Override
    public SecretBytes derivedKey(DerivedKeyRequest request) {
        return keys.derivedKey(request);
    }

    @Override
    public void close() {
        try (keys) {
            reports.close();
        }
    }
}
