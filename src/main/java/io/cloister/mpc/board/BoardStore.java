package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import io.cloister.mpc.Committee;
import io.cloister.mpc.CommitteeView;
import io.cloister.mpc.Fault;
import io.cloister.mpc.Member;
import java.util.Optional;

/** The board's part of the state while a block is executed: typed reading and writing for the rules. */
final class BoardStore {
    private final Context context;
    private final BoardView view;
    private final Optional<Committee> committee;

    private BoardStore(Context context, Optional<Committee> committee) {
        this.context = context;
        this.view = BoardView.of(context);
        this.committee = committee;
    }

    /** @param any the context of any module */
    static BoardStore of(Context any, CommitteeView committees) {
        Context own = any.as(BoardModule.ID);
        return new BoardStore(own, committees.committee(own));
    }

    Context context() {
        return context;
    }

    BoardView view() {
        return view;
    }

    Optional<Committee> committee() {
        return committee;
    }

    Committee requireCommittee() throws Refusal {
        return committee.orElseThrow(() -> new Refusal("no-committee", "the membership is not complete"));
    }

    Member requireMember(Bytes voteKey) throws Refusal {
        return requireCommittee()
                .byVoteKey(voteKey)
                .orElseThrow(() -> new Refusal("not-a-member", "the sender is no member of the committee"));
    }

    Instance requireInstance(long number) throws Refusal {
        return view.instance(number)
                .orElseThrow(() -> new Refusal("unknown-instance", "no instance " + number + " is on the board"));
    }

    Moment now() {
        return new Moment(context.height(), context.timeMillis());
    }

    /** The next number of a sequence, from 1. */
    long next(String sequence) {
        Bytes key = Bytes.utf8(sequence);
        long next = BoardView.COUNTERS.get(context, key).orElse(0L) + 1;
        BoardView.COUNTERS.put(context, key, next);
        return next;
    }

    void put(Instance instance) {
        BoardView.INSTANCES.put(context, BoardView.u64(instance.number()), instance);
    }

    void put(Batch batch) {
        BoardView.BATCHES.put(context, BoardView.u64(batch.number()), batch);
    }

    void put(KeyState key) {
        BoardView.KEYS.put(context, Bytes.utf8(key.label()), key);
    }

    void put(RequestState request) {
        BoardView.REQUESTS.put(context, request.request().requestId(), request);
    }

    void put(Demand demand) {
        BoardView.DEMANDS.put(
                context, BoardView.tripleKey(demand.instance(), demand.dealer(), demand.receiver()), demand);
    }

    /** Removes an instance with its demands and complaints. */
    void removeInstance(long number) {
        BoardView.INSTANCES.remove(context, BoardView.u64(number));
        BoardView.DEMANDS
                .keys(context, BoardView.u64(number), BoardView.MAX_LIST)
                .forEach(key -> BoardView.DEMANDS.remove(context, key));
        BoardView.COMPLAINTS
                .keys(context, BoardView.u64(number), BoardView.MAX_LIST)
                .forEach(key -> BoardView.COMPLAINTS.remove(context, key));
        BoardView.FALSE_COMPLAINTS
                .keys(context, BoardView.u64(number), BoardView.MAX_LIST)
                .forEach(key -> BoardView.FALSE_COMPLAINTS.remove(context, key));
    }

    /** Keeps a slot from dealing presignatures; what is proved is never replaced by what ends with time. */
    void exclude(int slot, Fault fault) {
        Bytes key = BoardView.u16(slot);
        if (!view.excluded(slot).equals(Optional.of(Fault.BAD_SHARE))) {
            BoardView.EXCLUDED.put(context, key, new Exclusion(fault, now()));
        }
    }

    /** Writes down a verified fault and says so in the block's events. */
    void fault(int slot, Fault fault, long instance) {
        Bytes key = new Writer().u16(slot).u8(fault.code()).toBytes();
        long times = BoardView.FAULTS.get(context, key).map(FaultRecord::times).orElse(0L) + 1;
        BoardView.FAULTS.put(context, key, new FaultRecord(slot, fault, times, instance, now()));
        context.emit(
                "mpc.fault",
                new Writer().u16(slot).u8(fault.code()).u64(instance).toBytes());
    }
}
