package io.cloister.attestation.kds;

import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.List;
import java.util.Optional;

/**
 * What a VCEK is issued for.
 *
 * @param chipId the significant bytes: 8 for Turin, else 64
 * @param tcb the REPORTED_TCB, with FMC where the line has one
 */
public record ChipKey(ProductLine line, Bytes chipId, Tcb tcb) {
    public ChipKey {
        if (chipId.length() != line.chipIdLength() || tcb.layout() != line.tcbLayout()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "chip id or TCB do not belong to " + line.title());
        }
    }

    /**
     * The keys that the VCEK of a report may have, the likeliest first: one where the report states its processor, else
     * one for each line that the chip id allows. None for a VLEK, an unsigned report, a masked chip id or a TCB of
     * another layout.
     */
    public static List<ChipKey> of(AttestationReport report) {
        boolean vcek = report.signingKey().filter(SigningKeyKind.VCEK::equals).isPresent();
        if (!vcek || report.chipId().equals(Bytes.zeros(report.chipId().length()))) {
            return List.of();
        }
        List<ProductLine> lines = report.cpuid()
                .map(cpuid -> ProductLine.ofCpuid(cpuid.family(), cpuid.model()).stream()
                        .toList())
                .orElseGet(() -> List.of(ProductLine.values()));
        return lines.stream().flatMap(line -> of(report, line).stream()).toList();
    }

    private static Optional<ChipKey> of(AttestationReport report, ProductLine line) {
        Bytes id = report.chipId();
        int turin = ProductLine.TURIN.chipIdLength();
        boolean shortId = id.slice(turin, id.length() - turin).equals(Bytes.zeros(id.length() - turin));
        if (shortId != (line.chipIdLength() == turin)) {
            return Optional.empty();
        }
        try {
            Tcb tcb = Tcb.decode(line.tcbLayout(), report.reportedTcb());
            return Optional.of(new ChipKey(line, id.slice(0, line.chipIdLength()), tcb));
        } catch (CodecException e) {
            return Optional.empty();
        }
    }
}
