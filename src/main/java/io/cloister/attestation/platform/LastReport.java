package io.cloister.attestation.platform;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.codec.Bytes;
import java.util.function.Consumer;

/** The newest report of a source with the host's certificates for it. Used under the source's lock. */
final class LastReport {
    private final CollateralSource fallback;
    private Bytes report = Bytes.EMPTY;
    private Bytes table = Bytes.EMPTY;

    /** With the place of certificates that the host does not give. */
    LastReport(CollateralSource fallback) {
        this.fallback = fallback;
    }

    Bytes keep(Bytes newReport, Bytes newTable) {
        report = newReport;
        table = newTable;
        return newReport;
    }

    /**
     * The certificates behind it.
     *
     * @param ask asks the source for a report with this data, which it keeps here; used when there is none yet
     */
    Collateral collateral(Consumer<Bytes> ask) {
        if (report.isEmpty()) {
            ask.accept(Bytes.zeros(64));
        }
        return HostCertificates.of(report, table, fallback);
    }
}
