package io.cloister.attestation.kds;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;

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
}
