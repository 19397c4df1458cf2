package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.mpc.Fault;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.Demand;
import io.cloister.mpc.board.Instance;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.ReceiverPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The dealer's side of an exchange: pushes its dealing until enough members support it, then has it included. */
final class OwnDealing {
    private static final long PUSH_MILLIS = 1_000;
    private static final long SUBMIT_MILLIS = 3_000;

    private final Dealing dealing;
    private final Bytes id;
    private final DealingContext context;
    private final int slot;
    private final Signature ownSupport;
    private final SortedMap<Integer, Signature> supports = new TreeMap<>();
    private final Pacer pacer = new Pacer();

    OwnDealing(Dealing dealing, DealingContext context, Self self) {
        this.dealing = dealing;
        this.id = dealing.id();
        this.context = context;
        this.slot = dealing.publicPart().dealer();
        this.ownSupport = self.vote().sign(context.supportDigest(slot, id));
        supports.put(slot, ownSupport);
    }

    Bytes id() {
        return id;
    }

    /** What a receiver gets: of a key dealing everything, of a presignature dealing its own ciphertext only. */
    ReceiverPacket packetFor(int receiver) {
        return context.kind().isKey() ? dealing.wholePacket() : dealing.packetFor(receiver);
    }

    Message.DealingPush pushTo(int receiver) {
        return new Message.DealingPush(context.instance(), slot, id, Optional.of(ownSupport), packetFor(receiver));
    }

    void support(Member from, Message.Support support, Effects out) {
        if (!support.dealingId().equals(id) || supports.containsKey(from.slot())) {
            return;
        }
        Bytes digest = context.supportDigest(slot, id);
        if (Ecdsa.verify(Point.decode(from.voteKey()), digest, support.signature())) {
            supports.put(from.slot(), support.signature());
        } else {
            out.report(from.slot(), Fault.BAD_SUPPORT, "instance " + context.instance());
        }
    }

    /** Leaves out supports that the board would refuse now, because their signer has been restarted since. */
    private void submit(Instance instance, Snapshot snapshot, Effects out) {
        Bytes digest = context.supportDigest(slot, id);
        List<BoardTransaction.Support> counting = new ArrayList<>();
        supports.forEach((supporter, signature) -> {
            Member member = snapshot.committee().member(supporter).orElseThrow();
            if (snapshot.isLive(instance, supporter)
                    && Ecdsa.verify(Point.decode(member.voteKey()), digest, signature)) {
                counting.add(new BoardTransaction.Support(supporter, signature));
            }
        });
        if (counting.size() >= snapshot.committee().quorum()) {
            out.submit(new BoardTransaction.IncludeDealing(instance.number(), slot, id, counting));
        }
    }

    void advance(Instance instance, Snapshot snapshot, long now, Effects out) {
        answerDemands(instance, snapshot, now, out);
        if (instance.isClosed() || instance.dealings().containsKey(slot)) {
            return;
        }
        if (supports.size() >= snapshot.committee().quorum() && pacer.due("include", now, SUBMIT_MILLIS)) {
            submit(instance, snapshot, out);
        }
        for (DealingContext.Receiver receiver : context.receivers()) {
            if (!supports.containsKey(receiver.slot()) && pacer.due(receiver.slot(), now, PUSH_MILLIS)) {
                out.send(receiver.slot(), pushTo(receiver.slot()));
            }
        }
    }

    /** What a receiver missed is published, so that nobody can say that it was kept back. */
    private void answerDemands(Instance instance, Snapshot snapshot, long now, Effects out) {
        for (Demand demand : snapshot.demands()) {
            boolean mine = demand.instance() == instance.number() && demand.dealer() == slot;
            if (mine && demand.answer().isEmpty() && pacer.due("answer/" + demand.receiver(), now, SUBMIT_MILLIS)) {
                ReceiverPacket packet = packetFor(demand.receiver());
                out.submit(new BoardTransaction.AnswerDemand(instance.number(), slot, demand.receiver(), packet));
            }
        }
    }
}
