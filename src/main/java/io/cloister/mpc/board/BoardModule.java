package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Context;
import io.cloister.ledger.Module;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.RestartSink;
import io.cloister.mpc.Committee;
import io.cloister.mpc.CommitteeView;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.BoardTransaction.AnswerDemand;
import io.cloister.mpc.board.BoardTransaction.Complain;
import io.cloister.mpc.board.BoardTransaction.ConfirmTranscript;
import io.cloister.mpc.board.BoardTransaction.DemandPacket;
import io.cloister.mpc.board.BoardTransaction.IncludeDealing;
import io.cloister.mpc.board.BoardTransaction.SignatureProduced;
import java.util.Optional;

/**
 * The board as a module of the ledger: it routes transactions to the rules and advances everything at a block's end.
 */
public final class BoardModule implements Module, Board, RestartSink {
    public static final int ID = 2;

    private final BoardParameters parameters;
    private final CommitteeView committees;
    private volatile Optional<SignatureSink> sink = Optional.empty();

    /** @param parameters written into the state before the first block; later values come from the state alone */
    public BoardModule(BoardParameters parameters, CommitteeView committees) {
        this.parameters = parameters;
        this.committees = committees;
    }

    /** Names the module that is told of signatures; once, before the first block. */
    public void connect(SignatureSink signatureSink) {
        if (sink.isPresent()) {
            throw new IllegalStateException("the board has a sink");
        }
        sink = Optional.of(signatureSink);
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public void genesis(Context context) {
        BoardView.PARAMETERS.put(context.as(ID), Bytes.EMPTY, parameters);
    }

    /** Refuses what does not decode, what a stranger sends, and what the last state already makes pointless. */
    @Override
    public void check(Transaction transaction, View state) throws Refusal {
        BoardTransaction body = decode(transaction);
        BoardView board = BoardView.of(state);
        if (committees
                .committee(state)
                .flatMap(c -> c.byVoteKey(transaction.sender()))
                .isEmpty()) {
            throw new Refusal("not-a-member", "the sender is no member of the committee");
        }
        switch (body) {
            case IncludeDealing t -> requireOpen(board, t);
            case SignatureProduced t -> {
                if (board.request(t.requestId())
                        .filter(r -> r.answer().isEmpty())
                        .isEmpty()) {
                    throw new Refusal("already-answered", "nobody waits for this signature");
                }
            }
            case ConfirmTranscript t -> requireKnown(board, t.instance());
            case Complain t -> requireKnown(board, t.complaint().instance());
            case DemandPacket t -> requireKnown(board, t.instance());
            case AnswerDemand t -> requireKnown(board, t.instance());
        }
    }

    @Override
    public void execute(Transaction transaction, Context context) throws Refusal {
        BoardStore store = BoardStore.of(context, committees);
        Member member = store.requireMember(transaction.sender());
        switch (decode(transaction)) {
            case IncludeDealing t -> new DealingRules(store).include(t);
            case Complain t -> new DealingRules(store).complain(t, transaction.sender());
            case DemandPacket t -> new DealingRules(store).demand(t, transaction.sender());
            case AnswerDemand t -> new DealingRules(store).answer(t, transaction.sender());
            case ConfirmTranscript t -> confirm(store, t, member);
            case SignatureProduced t -> answer(store, t);
        }
    }

    @Override
    public void endBlock(Context context) {
        BoardStore store = BoardStore.of(context, committees);
        Optional<Committee> committee = store.committee();
        if (committee.isPresent()) {
            new KeyRules(store).advance(committee.get());
            new PoolRules(store).advance(committee.get());
            new RequestRules(store).advance(committee.get());
        }
    }

    @Override
    public Optional<Signature> requestSignature(Context any, SigningRequest request) throws Refusal {
        return new RequestRules(BoardStore.of(any, committees)).request(request);
    }

    /**
     * The membership module says, in the block with which it begins to count, that a slot runs in a new boot: whatever its
     * old boot held is void at once.
     */
    @Override
    public void slotRestarted(Context any, int slot, long bootCounter) {
        BoardStore store = BoardStore.of(any, committees);
        store.committee().ifPresent(committee -> new PoolRules(store).retire(slot, bootCounter, committee));
    }

    private void confirm(BoardStore store, ConfirmTranscript confirm, Member member) throws Refusal {
        Instance instance = store.requireInstance(confirm.instance());
        switch (instance.kind()) {
            case KEY_UNMASK -> new KeyRules(store).confirm(instance, confirm, member);
            case PRESIGN_PRODUCT -> new PoolRules(store).confirm(instance, confirm, member);
            case KEY_RANDOM, PRESIGN_RANDOM ->
                throw new Refusal("nothing-to-confirm", "a first wave is confirmed with its second");
        }
    }

    private void answer(BoardStore store, SignatureProduced produced) throws Refusal {
        RequestRules.Answered answered = new RequestRules(store).produced(produced);
        sink.ifPresent(s -> s.signatureProduced(
                store.context().as(s.module()), answered.request(), answered.key(), answered.signature()));
    }

    private static BoardTransaction decode(Transaction transaction) throws Refusal {
        try {
            return BoardTransaction.decode(transaction.kind(), transaction.body());
        } catch (CodecException e) {
            throw new Refusal("malformed", String.valueOf(e.getMessage()));
        }
    }

    private static void requireOpen(BoardView board, IncludeDealing include) throws Refusal {
        Optional<Instance> instance = board.instance(include.instance());
        if (instance.filter(i -> !i.isClosed() && !i.dealings().containsKey(include.dealer()))
                .isEmpty()) {
            throw new Refusal("set-complete", "the instance takes no such dealing");
        }
    }

    private static void requireKnown(BoardView board, long instance) throws Refusal {
        if (board.instance(instance).isEmpty()) {
            throw new Refusal("unknown-instance", "no instance " + instance + " is on the board");
        }
    }
}
