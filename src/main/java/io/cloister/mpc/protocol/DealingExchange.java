package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretBytes;
import io.cloister.mpc.Fault;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.Instance;
import io.cloister.mpc.dealing.Basis;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.DealingVerifier;
import io.cloister.mpc.dealing.PublicDealing;
import io.cloister.mpc.dealing.ReceiverPacket;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.mpc.dealing.Transcript;
import io.cloister.mpc.sharing.Share;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * One instance at one node: its own dealing, what it has received, and whatever is still missing of the set that the
 * blocks fixed. Everything is bounded by the number of dealers.
 */
final class DealingExchange implements AutoCloseable {
    private static final long SERVE_MILLIS = 200;

    /** Wrong dealings of one dealer that are looked at before it is not listened to any more. */
    private static final int MAX_REFUSED = 3;

    private final DealingContext context;
    private final DealingVerifier verifier;
    private final Self self;
    private final int slot;
    private final ShareKey key;
    private final MissingDealings missing;
    private final IntFunction<Optional<Basis>> basis;
    private final boolean receives;
    private final Map<Integer, HeldDealing> held = new HashMap<>();
    private final Map<Integer, Message.DealingPush> waiting = new HashMap<>();
    private final Map<Integer, Set<Bytes>> refused = new HashMap<>();
    private final Map<Integer, Openings> openings = new HashMap<>();
    private final Pacer pacer = new Pacer();
    private Optional<OwnDealing> own = Optional.empty();
    private Instance instance;
    private boolean released;

    /**
     * @param key E_key or E_pre, as the instance's kind wants it
     * @param basis what a dealer's proofs are checked against; empty while that is not known yet
     */
    DealingExchange(
            Instance instance,
            Snapshot snapshot,
            Self self,
            int slot,
            KeyShareStore store,
            IntFunction<Optional<Basis>> basis) {
        this.instance = instance;
        this.context = instance.context(snapshot.chainId());
        this.verifier = new DealingVerifier(context);
        this.self = self;
        this.slot = slot;
        this.key = context.kind().isKey() ? self.keyEncryption() : self.bootEncryption();
        this.basis = basis;
        // After a restart the ciphertexts of older instances are for a key that is gone.
        this.receives =
                context.receiver(slot).filter(r -> r.key().equals(key.id())).isPresent();
        this.missing = new MissingDealings(context, slot, receives ? Optional.of(key) : Optional.empty(), store);
    }

    DealingContext context() {
        return context;
    }

    Instance instance() {
        return instance;
    }

    boolean hasDealt() {
        return own.isPresent();
    }

    /** Deals: from now on the dealing is pushed until the set is fixed. */
    void deal(Dealing dealing, Snapshot snapshot, Effects out) {
        OwnDealing mine = new OwnDealing(dealing, context, self);
        own = Optional.of(mine);
        Member member = snapshot.committee().member(slot).orElseThrow();
        pushed(member, mine.pushTo(slot), snapshot, out);
    }

    /** Looks at the newest state: sends, submits, requests and complains as needed. */
    void advance(Instance newest, Snapshot snapshot, long now, Effects out) {
        instance = newest;
        own.ifPresent(mine -> mine.advance(newest, snapshot, now, out));
        for (Message.DealingPush push : List.copyOf(waiting.values())) {
            waiting.remove(push.dealer());
            snapshot.committee().member(push.dealer()).ifPresent(from -> pushed(from, push, snapshot, out));
        }
        if (instance.isClosed() && !released) {
            MissingDealings.Receiver receiver = (from, push) -> pushed(from, push, snapshot, out);
            instance.dealings()
                    .forEach((dealer, id) -> missing.complete(
                            instance, dealer, id, () -> known(dealer, id), receiver, snapshot, now, out));
        }
    }

    /** A dealing from its dealer, or one in the set from anybody. */
    void pushed(Member from, Message.DealingPush push, Snapshot snapshot, Effects out) {
        if (released) {
            return; // the outcome is taken over: nothing is opened and kept again
        }
        if (push.packet().publicPart().length() != PublicDealing.encodedLength(context)
                || push.packet().sealed().size() > context.size()) {
            if (!isRefused(push)) {
                refuse(from, push);
                out.report(from.slot(), Fault.MALFORMED, about());
            }
            return;
        }
        Optional<Bytes> fixed = Optional.ofNullable(instance.dealings().get(push.dealer()));
        if (fixed.isPresent() ? !fixed.get().equals(push.dealingId()) : !admissible(from, push, snapshot, out)) {
            return;
        }
        HeldDealing known = held.get(push.dealer());
        if (known == null || !known.id().equals(push.dealingId())) {
            check(from, push, fixed.isPresent(), out);
        } else {
            if (known.shares().isEmpty() && !known.isWrong()) {
                fill(known, push, out);
            }
            acknowledge(known, push, out);
        }
    }

    void supported(Member from, Message.Support support, Effects out) {
        own.filter(mine -> support.dealer() == slot).ifPresent(mine -> mine.support(from, support, out));
    }

    /** Serves what a member lacks: its packet, the commitments part alone, or an opening after its complaint stood. */
    void requested(Member from, Message.DealingRequest request, Snapshot snapshot, long now, Effects out) {
        Bytes id = instance.dealings().get(request.dealer());
        HeldDealing known = held.get(request.dealer());
        if (id == null
                || known == null
                || !known.id().equals(id)
                || !pacer.due("serve/" + from.slot() + "/" + request.dealer(), now, SERVE_MILLIS)) {
            return;
        }
        boolean complained = snapshot.board().complained(instance.number(), request.dealer(), from.slot());
        if (complained && context.kind().isKey()) {
            known.shares().ifPresent(shares -> out.send(from.slot(), opening(request.dealer(), shares)));
            return;
        }
        ReceiverPacket packet = own.filter(mine -> request.dealer() == slot)
                .map(mine -> mine.packetFor(from.slot()))
                .orElseGet(() ->
                        context.kind().isKey() ? known.packet() : known.packet().only(from.slot()));
        out.send(
                from.slot(),
                new Message.DealingPush(instance.number(), request.dealer(), id, Optional.empty(), packet));
    }

    /** Somebody opens its share after this node's complaint stood. */
    void opened(Member from, Message.Opening opening, Effects out) {
        Optional<HeldDealing> wrong = Optional.ofNullable(instance.dealings().get(opening.dealer()))
                .flatMap(id -> known(opening.dealer(), id))
                .filter(h -> h.isWrong() && context.kind().isKey());
        wrong.ifPresent(h -> opened(from, opening, h, out));
    }

    private void opened(Member from, Message.Opening opening, HeldDealing known, Effects out) {
        Openings collected = openings.computeIfAbsent(
                opening.dealer(), d -> new Openings(context, known.dealing().commitments()));
        if (!collected.add(from.slot(), opening.share())) {
            out.report(from.slot(), Fault.BAD_SHARE, "opening for instance " + instance.number());
        }
        collected.recover(slot).ifPresent(shares -> {
            known.hold(shares);
            openings.remove(opening.dealer()).close();
        });
    }

    /** The public outcome, when the set is fixed and every commitments part in it is here. */
    Optional<Transcript> transcript() {
        if (!instance.isClosed()) {
            return Optional.empty();
        }
        SortedMap<Integer, PublicDealing> parts = new TreeMap<>();
        for (Map.Entry<Integer, Bytes> fixed : instance.dealings().entrySet()) {
            Optional<HeldDealing> known = known(fixed.getKey(), fixed.getValue());
            if (known.isEmpty()) {
                return Optional.empty();
            }
            parts.put(fixed.getKey(), known.get().dealing());
        }
        return Optional.of(Transcript.combine(context, instance.dealings(), parts));
    }

    /**
     * This node's shares of the outcome, when it has its shares of every dealing in the set; the caller closes them.
     */
    Optional<List<Share>> shares() {
        if (!instance.isClosed()) {
            return Optional.empty();
        }
        SortedMap<Integer, List<Share>> parts = new TreeMap<>();
        for (Map.Entry<Integer, Bytes> fixed : instance.dealings().entrySet()) {
            Optional<List<Share>> shares =
                    known(fixed.getKey(), fixed.getValue()).flatMap(HeldDealing::shares);
            if (shares.isEmpty()) {
                return Optional.empty();
            }
            parts.put(fixed.getKey(), shares.get());
        }
        return Optional.of(Transcript.combineShares(context.kind(), parts));
    }

    /** The outcome is taken over: zeroes the single shares and asks for nothing any more, but still serves others. */
    void release() {
        released = true;
        held.values().forEach(HeldDealing::close);
    }

    @Override
    public void close() {
        held.values().forEach(HeldDealing::close);
        openings.values().forEach(Openings::close);
    }

    private Optional<HeldDealing> known(int dealer, Bytes id) {
        return Optional.ofNullable(held.get(dealer)).filter(h -> h.id().equals(id));
    }

    /** Before the set is fixed only the dealer itself speaks, with its signature, and only once. */
    private boolean admissible(Member from, Message.DealingPush push, Snapshot snapshot, Effects out) {
        if (instance.isClosed()
                || from.slot() != push.dealer()
                || isRefused(push)
                || !snapshot.isLive(instance, push.dealer())) {
            return false;
        }
        Bytes digest = context.supportDigest(push.dealer(), push.dealingId());
        if (push.support()
                .filter(s -> Ecdsa.verify(Point.decode(from.voteKey()), digest, s))
                .isEmpty()) {
            out.report(from.slot(), Fault.BAD_SUPPORT, about());
            return false;
        }
        HeldDealing known = held.get(push.dealer());
        if (known != null && !known.id().equals(push.dealingId())) {
            out.report(from.slot(), Fault.EQUIVOCATION, about());
            return false;
        }
        return true;
    }

    private boolean isRefused(Message.DealingPush push) {
        Set<Bytes> before = refused.getOrDefault(push.dealer(), Set.of());
        return before.size() >= MAX_REFUSED || before.contains(push.dealingId());
    }

    /** Only what the dealer itself sent counts against its further dealings. */
    private void refuse(Member from, Message.DealingPush push) {
        if (from.slot() == push.dealer()) {
            refused.computeIfAbsent(push.dealer(), d -> new HashSet<>()).add(push.dealingId());
        }
    }

    private void check(Member from, Message.DealingPush push, boolean fixed, Effects out) {
        Optional<Basis> against = basis.apply(push.dealer());
        if (against.isEmpty()) {
            waiting.put(push.dealer(), push);
            return;
        }
        boolean whole = push.packet().sealed().size() == context.size();
        DealingVerifier.Checked checked = verifier.check(push.dealer(), push.dealingId(), push.packet(), against.get());
        switch (checked) {
            case DealingVerifier.Checked.Bad bad -> {
                refuse(from, push);
                out.report(from.slot(), bad.fault(), about());
            }
            case DealingVerifier.Checked.Good good
            when !fixed && context.kind().isKey() && !whole -> {
                refuse(from, push);
                out.report(from.slot(), Fault.WITHHELD, about());
            }
            case DealingVerifier.Checked.Good good -> {
                Optional.ofNullable(held.get(push.dealer())).ifPresent(HeldDealing::close);
                HeldDealing now = new HeldDealing(push.dealingId(), good.dealing(), push.packet());
                held.put(push.dealer(), now);
                fill(now, push, out);
                acknowledge(now, push, out);
            }
        }
    }

    /** Opens the own ciphertext if the packet has it. */
    private void fill(HeldDealing known, Message.DealingPush push, Effects out) {
        Optional<ReceiverPacket.Sealed> mine = push.packet().forSlot(slot);
        if (!receives || mine.isEmpty() || !push.packet().belongsTo(known.id(), context.size())) {
            return;
        }
        known.replacePacket(push.packet());
        Optional<List<Share>> shares =
                verifier.open(known.dealing(), slot, mine.get().ciphertext(), key);
        if (shares.isPresent()) {
            known.hold(shares.get());
        } else {
            known.markWrong();
            out.report(push.dealer(), Fault.BAD_SHARE, about());
        }
    }

    /** Supports a dealing towards its dealer, as long as it can be included. */
    private void acknowledge(HeldDealing known, Message.DealingPush push, Effects out) {
        if (known.shares().isPresent() && !instance.isClosed() && push.dealer() != slot) {
            missing.keep(push.dealer(), known, out);
            Bytes digest = context.supportDigest(push.dealer(), known.id());
            out.send(
                    push.dealer(),
                    new Message.Support(
                            instance.number(),
                            push.dealer(),
                            known.id(),
                            self.vote().sign(digest)));
        }
    }

    private Message.Opening opening(int dealer, List<Share> shares) {
        try (SecretBytes written = Share.writeAll(shares)) {
            return new Message.Opening(instance.number(), dealer, written.use(Bytes::of));
        }
    }

    private String about() {
        return context.kind().label() + " instance " + instance.number();
    }
}
