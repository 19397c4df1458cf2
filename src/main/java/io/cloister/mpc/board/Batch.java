package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.mpc.Committee;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A batch of presignatures from its first dealing to its last use.
 *
 * @param live boots that received and still run; only these can deal, support, confirm or hold
 * @param confirmations slot to transcript hash, of those that say they hold all shares
 * @param transcript the hash that n-t of them agree on, once the batch is available
 * @param next index of the next presignature to assign
 */
public record Batch(
        long number,
        Stage stage,
        long epoch,
        int width,
        long randomInstance,
        long productInstance,
        List<Generation> live,
        SortedMap<Integer, Bytes> confirmations,
        Optional<Bytes> transcript,
        int next,
        Moment opened) {

    /** How far a batch is. */
    public enum Stage {
        /** kappa and lambda are being dealt. */
        RANDOM,
        /** kappa*lambda and x*lambda are being dealt. */
        PRODUCT,
        /** Holders are confirming. */
        CONFIRMING,
        /** Presignatures can be assigned. */
        AVAILABLE
    }

    public Batch {
        live = List.copyOf(live);
        confirmations = new TreeMap<>(confirmations);
    }

    /** Boots that hold this batch's presignatures: confirmed the agreed transcript and still run. */
    public List<Generation> holders() {
        return live.stream()
                .filter(g ->
                        transcript.isPresent() && transcript.equals(Optional.ofNullable(confirmations.get(g.slot()))))
                .toList();
    }

    public boolean isLive(int slot) {
        return live.stream().anyMatch(g -> g.slot() == slot);
    }

    /** Presignatures that can still be assigned. */
    public int left() {
        return width - next;
    }

    Batch staged(Stage newStage, long newProductInstance, Optional<Bytes> newTranscript) {
        return new Batch(
                number,
                newStage,
                epoch,
                width,
                randomInstance,
                newProductInstance,
                live,
                confirmations,
                newTranscript,
                next,
                opened);
    }

    Batch withLive(List<Generation> stillLive) {
        return new Batch(
                number,
                stage,
                epoch,
                width,
                randomInstance,
                productInstance,
                stillLive,
                confirmations,
                transcript,
                next,
                opened);
    }

    Batch confirmed(int slot, Bytes hash) {
        SortedMap<Integer, Bytes> more = new TreeMap<>(confirmations);
        more.put(slot, hash);
        return new Batch(
                number, stage, epoch, width, randomInstance, productInstance, live, more, transcript, next, opened);
    }

    Batch taken() {
        return new Batch(
                number,
                stage,
                epoch,
                width,
                randomInstance,
                productInstance,
                live,
                confirmations,
                transcript,
                next + 1,
                opened);
    }

    void encode(Writer writer) {
        writer.u64(number)
                .u8(stage.ordinal())
                .u64(epoch)
                .u16(width)
                .u64(randomInstance)
                .u64(productInstance)
                .list(live, (w, g) -> g.encode(w))
                .list(confirmations.entrySet(), (w, c) -> w.u16(c.getKey()).fixed(c.getValue()))
                .optional(transcript, Writer::fixed)
                .u16(next);
        opened.encode(writer);
    }

    static Batch decode(Reader reader) {
        return new Batch(
                reader.u64(),
                stage(reader.u8()),
                reader.u64(),
                reader.u16(),
                reader.u64(),
                reader.u64(),
                reader.list(Committee.MAX_SIZE, Generation::decode),
                Maps.read(reader, r -> r.fixed(32)),
                reader.optional(r -> r.fixed(32)),
                reader.u16(),
                Moment.decode(reader));
    }

    private static Stage stage(int code) {
        if (code >= Stage.values().length) {
            throw new CodecException(Reason.UNKNOWN, "batch stage " + code);
        }
        return Stage.values()[code];
    }
}
