package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.ledger.Refusal;
import io.cloister.mpc.Committee;
import io.cloister.mpc.Fault;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.BoardTransaction.AnswerDemand;
import io.cloister.mpc.board.BoardTransaction.Complain;
import io.cloister.mpc.board.BoardTransaction.DemandPacket;
import io.cloister.mpc.board.BoardTransaction.IncludeDealing;
import io.cloister.mpc.board.BoardTransaction.Support;
import io.cloister.mpc.dealing.Complaint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which dealings count, and what happens when one was wrong or withheld. */
final class DealingRules {
    private final BoardStore store;

    DealingRules(BoardStore store) {
        this.store = store;
    }

    /** n-t supports make a dealing includable; the order of blocks fixes the set (docs/mpc.md, D5 and D6). */
    void include(IncludeDealing include) throws Refusal {
        Instance instance = store.requireInstance(include.instance());
        if (instance.isClosed()) {
            throw new Refusal("set-complete", "the dealings of the instance are fixed");
        }
        if (instance.included().containsKey(include.dealer())) {
            throw new Refusal("already-included", "the dealer has a dealing in the set");
        }
        requireDealer(instance, include.dealer());
        Set<Integer> supporters = requireSupports(instance, include);
        store.put(instance.with(include.dealer(), new Instance.Included(include.dealingId(), List.copyOf(supporters))));
        store.context()
                .emit(
                        "mpc.dealing-included",
                        new Writer()
                                .u64(instance.number())
                                .u16(include.dealer())
                                .fixed(include.dealingId())
                                .toBytes());
    }

    /** Judges a complaint about an included dealing (docs/mpc.md, C1 to C3). */
    void complain(Complain complain, Bytes sender) throws Refusal {
        Complaint complaint = complain.complaint();
        Member member = store.requireMember(sender);
        Instance instance = store.requireInstance(complaint.instance());
        Bytes dealingId = requireDealing(instance, complaint.dealer());
        if (member.slot() != complaint.complainer()) {
            throw new Refusal("not-the-complainer", "a complaint is its receiver's own");
        }
        Bytes key = BoardView.tripleKey(instance.number(), complaint.dealer(), member.slot());
        if (store.view().complained(instance.number(), complaint.dealer(), member.slot())
                || BoardView.FALSE_COMPLAINTS.get(store.context(), key).isPresent()) {
            throw new Refusal("already-complained", "the complaint was judged already");
        }
        switch (complaint.judge(instance.context(store.context().chainId()), dealingId)) {
            case INVALID -> throw new Refusal("invalid-complaint", "the complaint proves nothing");
            case FALSE -> {
                store.fault(member.slot(), Fault.FALSE_COMPLAINT, instance.number());
                BoardView.FALSE_COMPLAINTS.put(store.context(), key, store.now());
            }
            case STANDS -> uphold(instance, complaint);
        }
    }

    /** A receiver of a presignature dealing asks for its ciphertext in public (docs/mpc.md, C4). */
    void demand(DemandPacket demand, Bytes sender) throws Refusal {
        Member member = store.requireMember(sender);
        Instance instance = store.requireInstance(demand.instance());
        Batch batch = store.view()
                .batch(instance.batch())
                .orElseThrow(() -> new Refusal("unknown-dealing", "the dealing is of no batch"));
        requireLive(instance, member.slot());
        if (!instance.included().containsKey(demand.dealer()) || member.slot() == demand.dealer()) {
            throw new Refusal("unknown-dealing", "the dealing is not in the set");
        }
        if (instance.isSupporter(demand.dealer(), member.slot())) {
            throw new Refusal("supporter", "slot " + member.slot() + " has signed that it holds its shares");
        }
        if (!batch.isLive(demand.dealer())) {
            nobodyAnswers(batch, demand.dealer());
            return;
        }
        if (store.view()
                .demand(instance.number(), demand.dealer(), member.slot())
                .isPresent()) {
            throw new Refusal("already-demanded", "the ciphertext is demanded already");
        }
        store.put(new Demand(instance.number(), demand.dealer(), member.slot(), store.now(), Optional.empty()));
    }

    /** The dealer's boot has ended before anybody demanded: nobody is to blame, but the share cannot be had. */
    private void nobodyAnswers(Batch batch, int dealer) throws Refusal {
        if (batch.stage() == Batch.Stage.AVAILABLE) {
            throw new Refusal("retired", "slot " + dealer + " has been restarted and the batch is in use");
        }
        new PoolRules(store).spoiled(batch.number());
    }

    void answer(AnswerDemand answer, Bytes sender) throws Refusal {
        store.requireMember(sender);
        Instance instance = store.requireInstance(answer.instance());
        Demand demand = store.view()
                .demand(answer.instance(), answer.dealer(), answer.receiver())
                .filter(d -> d.answer().isEmpty())
                .orElseThrow(() -> new Refusal("not-demanded", "nobody waits for this ciphertext"));
        Bytes dealingId = requireDealing(instance, answer.dealer());
        if (answer.packet().forSlot(answer.receiver()).isEmpty()
                || !answer.packet().belongsTo(dealingId, instance.receivers().size())) {
            throw new Refusal("wrong-packet", "the packet is not the dealing's");
        }
        Writer packet = new Writer();
        answer.packet().encode(packet);
        store.put(new Demand(
                demand.instance(), demand.dealer(), demand.receiver(), demand.at(), Optional.of(packet.toBytes())));
    }

    private void uphold(Instance instance, Complaint complaint) {
        store.fault(complaint.dealer(), Fault.BAD_SHARE, instance.number());
        BoardView.COMPLAINTS.put(
                store.context(),
                BoardView.tripleKey(instance.number(), complaint.dealer(), complaint.complainer()),
                store.now());
        if (!instance.kind().isKey()) {
            // No opening ever rebuilds a presignature share: the dealer stops dealing and the batch is made anew.
            store.exclude(complaint.dealer(), Fault.BAD_SHARE);
            new PoolRules(store).spoiled(instance.batch());
        }
    }

    private static Bytes requireDealing(Instance instance, int dealer) throws Refusal {
        return Optional.ofNullable(instance.dealings().get(dealer))
                .orElseThrow(() -> new Refusal("unknown-dealing", "the dealing is not in the set"));
    }

    private void requireDealer(Instance instance, int dealer) throws Refusal {
        if (dealer < 1 || dealer > instance.receivers().size()) {
            throw new Refusal("not-a-dealer", "slot " + dealer + " is no dealer of the instance");
        }
        requireLive(instance, dealer);
        if (!instance.kind().isKey() && store.view().excluded(dealer).isPresent()) {
            throw new Refusal("excluded", "slot " + dealer + " was caught and may not deal presignatures");
        }
    }

    /** Presignature instances know boots: one that has ended neither deals nor supports. */
    private void requireLive(Instance instance, int slot) throws Refusal {
        if (!instance.kind().isKey()
                && store.view()
                        .batch(instance.batch())
                        .filter(b -> b.isLive(slot))
                        .isEmpty()) {
            throw new Refusal("retired", "slot " + slot + " has been restarted since the batch was opened");
        }
    }

    private Set<Integer> requireSupports(Instance instance, IncludeDealing include) throws Refusal {
        Committee committee = store.requireCommittee();
        Bytes digest = instance.context(store.context().chainId()).supportDigest(include.dealer(), include.dealingId());
        Set<Integer> slots = new TreeSet<>();
        for (Support support : include.supports()) {
            Member member = committee
                    .member(support.slot())
                    .orElseThrow(() -> new Refusal("bad-support", "slot " + support.slot() + " is no member"));
            requireLive(instance, support.slot());
            if (!slots.add(support.slot())
                    || !Ecdsa.verify(Point.decode(member.voteKey()), digest, support.signature())) {
                throw new Refusal("bad-support", "the support of slot " + support.slot() + " does not hold");
            }
        }
        if (slots.size() < committee.quorum() || !slots.contains(include.dealer())) {
            throw new Refusal("too-few-supports", slots.size() + " supports where " + committee.quorum() + " count");
        }
        return slots;
    }
}
