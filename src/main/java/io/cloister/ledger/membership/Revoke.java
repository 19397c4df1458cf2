package io.cloister.ledger.membership;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Optional;

/**
 * Shows that a member's evidence counts no more: by a revocation list of the manufacturer, or by the policy in the state.
 *
 * @param evidence that is registered for the slot
 * @param revocations DER, of the evidence's own root
 */
public record Revoke(int slot, Bytes evidence, Optional<Bytes> revocations) {

    public Bytes encode() {
        return new Writer()
                .u16(slot)
                .bytes(evidence)
                .optional(revocations, Writer::bytes)
                .toBytes();
    }

    public static Revoke decode(Bytes body) {
        Reader in = new Reader(body);
        Revoke revoke = new Revoke(
                in.u16(), in.bytes(Evidence.MAX_SIZE), in.optional(r -> r.bytes(Collateral.MAX_REVOCATIONS)));
        in.end();
        return revoke;
    }
}
