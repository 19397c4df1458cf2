package io.cloister.mpc.board;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.mpc.Committee;
import java.util.List;

/**
 * A presignature consumed for a request: a fact on the chain before any share leaves a node.
 *
 * @param attempt 1 for the request's first presignature
 * @param holders the boots that may sign; any t+1 of them do
 * @param at the block that assigned it; its id is what the beacon is over
 */
public record Assignment(int attempt, PresignatureId presignature, List<Generation> holders, Moment at) {
    public Assignment {
        holders = List.copyOf(holders);
    }

    public boolean isHolder(int slot) {
        return holders.stream().anyMatch(g -> g.slot() == slot);
    }

    void encode(Writer writer) {
        writer.u32(attempt);
        presignature.encode(writer);
        writer.list(holders, (w, g) -> g.encode(w));
        at.encode(writer);
    }

    static Assignment decode(Reader reader) {
        return new Assignment(
                (int) reader.u32(),
                PresignatureId.decode(reader),
                reader.list(Committee.MAX_SIZE, Generation::decode),
                Moment.decode(reader));
    }
}
