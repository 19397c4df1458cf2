package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.SecretBytes;
import io.cloister.mpc.Committee;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.Demand;
import io.cloister.mpc.board.Instance;
import io.cloister.mpc.dealing.Complaint;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.ReceiverPacket;
import io.cloister.mpc.dealing.ShareKey;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gets hold of what this node lacks of a fixed set: from its own store, by asking the members, by a complaint when its
 * ciphertext is wrong, by a demand on the chain when a presignature dealer keeps it back (docs/mpc.md, C1 to C4).
 */
final class MissingDealings {
    private static final long REQUEST_MILLIS = 500;
    private static final long SUBMIT_MILLIS = 3_000;

    /** How long a presignature dealer may keep a requested ciphertext back before it is demanded on the chain. */
    private static final long DEMAND_MILLIS = 2_000;

    private final DealingContext context;
    private final int slot;
    private final Optional<ShareKey> key;
    private final KeyShareStore store;
    private final Pacer pacer = new Pacer();
    private long since = -1;

    /** Takes a dealing that was found, as if its dealer had pushed it. */
    interface Receiver {
        void receive(Member from, Message.DealingPush push);
    }

    /** @param key the key that this slot's ciphertexts are for; empty when a restart has taken it away */
    MissingDealings(DealingContext context, int slot, Optional<ShareKey> key, KeyShareStore store) {
        this.context = context;
        this.slot = slot;
        this.key = key;
        this.store = store;
    }

    /**
     * @param id the dealing that the set has of this dealer
     * @param known what is here of it
     */
    void complete(
            Instance instance,
            int dealer,
            Bytes id,
            Supplier<Optional<HeldDealing>> known,
            Receiver receiver,
            Snapshot snapshot,
            long now,
            Effects out) {
        since = since < 0 ? now : since;
        Member from = snapshot.committee().member(dealer).orElseThrow();
        if (known.get().isEmpty() && context.kind().isKey() && pacer.due("load/" + dealer, now, Long.MAX_VALUE)) {
            load(dealer)
                    .filter(packet -> packet.belongsTo(id, context.size()))
                    .ifPresent(packet -> receiver.receive(from, push(instance, dealer, id, packet)));
        }
        Optional<HeldDealing> held = known.get();
        if (held.isPresent() && held.get().shares().isPresent()) {
            keep(dealer, held.get(), out);
        } else if (held.isEmpty() || key.isPresent()) {
            boolean complained = snapshot.board().complained(instance.number(), dealer, slot);
            if (held.isPresent() && held.get().isWrong() && !complained) {
                complain(dealer, held.get(), now, out);
            } else if (pacer.due("request/" + dealer, now, REQUEST_MILLIS)) {
                out.broadcast(new Message.DealingRequest(instance.number(), dealer));
            }
            if (held.filter(HeldDealing::isWrong).isEmpty()) {
                demand(instance, dealer, snapshot, now, out)
                        .ifPresent(packet -> receiver.receive(from, push(instance, dealer, id, packet)));
            }
        }
    }

    private void complain(int dealer, HeldDealing wrong, long now, Effects out) {
        if (pacer.due("complain/" + dealer, now, SUBMIT_MILLIS)) {
            out.submit(new BoardTransaction.Complain(
                    Complaint.make(context, wrong.dealing(), wrong.packet(), slot, key.orElseThrow())));
        }
    }

    /**
     * Demands the ciphertext of a presignature dealing in public when asking did not help; gives the answer if there is
     * one.
     */
    private Optional<ReceiverPacket> demand(Instance instance, int dealer, Snapshot snapshot, long now, Effects out) {
        boolean able = key.isPresent() && !context.kind().isKey() && dealer != slot;
        if (!able || !snapshot.isLive(instance, slot) || now - since < DEMAND_MILLIS) {
            return Optional.empty();
        }
        Optional<Demand> demand = snapshot.board().demand(instance.number(), dealer, slot);
        if (demand.isEmpty() && pacer.due("demand/" + dealer, now, SUBMIT_MILLIS)) {
            out.submit(new BoardTransaction.DemandPacket(instance.number(), dealer));
        }
        return demand.flatMap(Demand::answer).flatMap(MissingDealings::packet);
    }

    /** Key dealings are kept for a restart and for members that were away, from before they are supported. */
    void keep(int dealer, HeldDealing held, Effects out) {
        if (context.kind().isKey() && held.markKept()) {
            Writer packet = new Writer();
            held.packet().encode(packet);
            out.persist(storeId(dealer), context.epoch(), packet.toBytes());
        }
    }

    private Optional<ReceiverPacket> load(int dealer) {
        Optional<SecretBytes> stored = store.get(storeId(dealer), context.epoch());
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        try (SecretBytes bytes = stored.get()) {
            return packet(bytes.use(Bytes::of));
        }
    }

    private String storeId(int dealer) {
        return "dealing/" + context.instance() + "/" + dealer;
    }

    private static Message.DealingPush push(Instance instance, int dealer, Bytes id, ReceiverPacket packet) {
        return new Message.DealingPush(instance.number(), dealer, id, Optional.empty(), packet);
    }

    private static Optional<ReceiverPacket> packet(Bytes encoded) {
        try {
            Reader reader = new Reader(encoded);
            ReceiverPacket packet = ReceiverPacket.decode(reader, Committee.MAX_SIZE);
            reader.end();
            return Optional.of(packet);
        } catch (CodecException e) {
            return Optional.empty();
        }
    }
}
