package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Optional;

/**
 * What becomes of a slot at the end of the block after the one that ordered it.
 *
 * @param ordered height of the block that ordered it
 * @param member what the slot has from then on; empty when it loses its seat
 */
public record PendingChange(int slot, long ordered, Optional<Member> member) {

    /** Whether it is to be carried out at the end of this block. */
    boolean isDue(long height) {
        return height + 1 >= inForce(ordered);
    }

    /** The first height that the change counts for. */
    static long inForce(long ordered) {
        return ordered + MembershipModule.ACTIVATION;
    }

    /** Whether the slot stays this node's. */
    boolean isOf(Bytes nodeId) {
        return member.filter(it -> it.nodeId().equals(nodeId)).isPresent();
    }

    boolean removes() {
        return member.isEmpty();
    }

    Bytes encode() {
        return new Writer()
                .u16(slot)
                .u64(ordered)
                .optional(member, (w, it) -> w.bytes(it.encode()))
                .toBytes();
    }

    static PendingChange decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        PendingChange change =
                new PendingChange(in.u16(), in.u64(), in.optional(r -> Member.decode(r.bytes(Member.MAX_SIZE))));
        in.end();
        return change;
    }
}
