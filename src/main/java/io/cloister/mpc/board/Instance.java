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
 * @param included dealer to its dealing in the set; complete when it has as many as the kind needs
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
        SortedMap<Integer, Included> included,
        Moment opened) {

    /**
     * A dealing in the set.
     *
     * @param supporters slots that have signed that they hold their shares, among those that got it included
     */
    public record Included(Bytes dealingId, List<Integer> supporters) {
        public Included {
            supporters = List.copyOf(supporters);
        }

        void encode(Writer writer) {
            writer.fixed(dealingId).list(supporters, Writer::u16);
        }

        static Included decode(Reader reader) {
            return new Included(reader.fixed(32), reader.list(Committee.MAX_SIZE, Reader::u16));
        }
    }

    public Instance {
        receivers = List.copyOf(receivers);
        included = new TreeMap<>(included);
    }

    /** Dealer to dealing id, of those in the set. */
    public SortedMap<Integer, Bytes> dealings() {
        SortedMap<Integer, Bytes> ids = new TreeMap<>();
        included.forEach((dealer, dealing) -> ids.put(dealer, dealing.dealingId()));
        return ids;
    }

    /** Whether a slot has signed for all to see that it holds its shares of a dealing in the set. */
    boolean isSupporter(int dealer, int slot) {
        Included dealing = included.get(dealer);
        return dealing != null && dealing.supporters().contains(slot);
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
        return included.size() == kind.dealings(threshold());
    }

    Instance with(int dealer, Included dealing) {
        SortedMap<Integer, Included> more = new TreeMap<>(included);
        more.put(dealer, dealing);
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
                .list(included.entrySet(), (w, d) -> d.getValue().encode(w.u16(d.getKey())));
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
                Maps.read(reader, Included::decode),
                Moment.decode(reader));
    }
}
