package io.cloister.mpc.board;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.mpc.Committee;

/** One boot of one slot: what holds presignature shares, since none survives a restart. */
public record Generation(int slot, long bootCounter) {
    /** Whether the slot still runs in this boot. */
    boolean isCurrent(Committee committee) {
        return committee
                .member(slot)
                .filter(m -> m.bootCounter() == bootCounter)
                .isPresent();
    }

    void encode(Writer writer) {
        writer.u16(slot).u64(bootCounter);
    }

    static Generation decode(Reader reader) {
        return new Generation(reader.u16(), reader.u64());
    }
}
