package io.cloister.ledger.membership;

import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import java.util.List;

/** What evidence for a statement of recovery vouches for: this slot's boot keys from this recovery on. */
public final class RecoveryLeaf {
    private static final Bytes LABEL = Bytes.utf8("recovery");

    private RecoveryLeaf() {}

    public static Leaf of(String chainId, int slot, long recovery) {
        return new Leaf(
                Purpose.RE_KEY,
                List.of(
                        Bytes.utf8(chainId),
                        new Writer().u16(slot).toBytes(),
                        LABEL,
                        new Writer().u64(recovery).toBytes()));
    }
}
