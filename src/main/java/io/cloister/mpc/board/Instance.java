package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.mpc.Committee;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.InstanceKind;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One transcript in the making or made: who receives, and which dealings the blocks have fixed.
 *
 * @param label key label, or {@code batch/<number>}
 * @param batch number of the batch; 0 for keys
 * @param receivers every slot with the encryption key it had when the instance was opened
 * @param dealings dealer to dealing id, in the set; complete when it has as many as the kind needs
 * @param opened when
 */
public record Instance(
        long number,
        InstanceKind kind,
        String label,
        long batch,
        long epoch,
        int width,
        List<DealingContext.Receiver> receivers,
        SortedMap<Integer, Bytes> dealings,
        Moment opened) {

    public Instance {
        receivers = List.copyOf(receivers);
        dealings = new TreeMap<>(dealings);
    }

    /** What dealings of this instance are bound to. */
    public DealingContext context(String chainId) {
        return new DealingContext(chainId, epoch, kind, label, number, width, receivers);
    }

    public int threshold() {
        return Committee.thresholdOf(receivers.size());
    }

    /** Whether the set of dealings is fixed. */
    public boolean isClosed() {
        return dealings.size() == kind.dealings(threshold());
    }

    Instance with(int dealer, Bytes dealingId) {
        SortedMap<Integer, Bytes> more = new TreeMap<>(dealings);
        more.put(dealer, dealingId);
        return new Instance(number, kind, label, batch, epoch, width, receivers, more, opened);
    }

    void encode(Writer writer) {
        writer.u64(number)
                .u8(kind.code())
                .string(label)
                .u64(batch)
                .u64(epoch)
                .u16(width)
                .list(receivers, (w, r) -> w.u16(r.slot()).fixed(r.key()))
                .list(dealings.entrySet(), (w, d) -> w.u16(d.getKey()).fixed(d.getValue()));
        opened.encode(writer);
    }

    static Instance decode(Reader reader) {
        return new Instance(
                reader.u64(),
                InstanceKind.of(reader.u8()),
                reader.string(64),
                reader.u64(),
                reader.u64(),
                reader.u16(),
                reader.list(Committee.MAX_SIZE, r -> new DealingContext.Receiver(r.u16(), r.fixed(33))),
                Maps.read(reader, r -> r.fixed(32)),
                Moment.decode(reader));
    }
}
