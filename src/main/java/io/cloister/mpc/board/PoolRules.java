package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.ledger.Refusal;
import io.cloister.mpc.Committee;
import io.cloister.mpc.Fault;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.Batch.Stage;
import io.cloister.mpc.board.BoardTransaction.ConfirmTranscript;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.InstanceKind;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The presignature pool: batches from opening to last use, their holders, and the marks that refill it. */
final class PoolRules {
    private final BoardStore store;

    PoolRules(BoardStore store) {
        this.store = store;
    }

    /** Moves every batch on and opens new ones below the low mark; runs at the end of every block. */
    void advance(Committee committee) {
        liftExclusions(committee);
        overdueDemands();
        for (Batch batch : store.view().batches()) {
            advance(retired(batch, committee), committee);
        }
        refill(committee);
    }

    /** The holder statement of a boot: it has both transcripts and all its shares (docs/mpc.md, P5). */
    void confirm(Instance instance, ConfirmTranscript confirm, Member member) throws Refusal {
        Batch batch = store.view()
                .batch(instance.batch())
                .filter(b -> b.productInstance() == instance.number() && instance.isClosed())
                .orElseThrow(() -> new Refusal("nothing-to-confirm", "the instance's set is not fixed"));
        if (!confirm.commitments().isEmpty()) {
            throw new Refusal("malformed", "a batch has no commitments to confirm");
        }
        if (!new Generation(member.slot(), member.bootCounter()).isCurrent(store.requireCommittee())
                || !batch.live().contains(new Generation(member.slot(), member.bootCounter()))) {
            throw new Refusal("retired", "slot " + member.slot() + " has been restarted since the batch was opened");
        }
        if (batch.confirmations().containsKey(member.slot())) {
            throw new Refusal("already-confirmed", "slot " + member.slot() + " has confirmed the batch");
        }
        store.put(batch.confirmed(member.slot(), confirm.transcriptHash()));
    }

    /**
     * A slot runs in a new boot: its old one holds nothing any more, and what was demanded of it is withheld for good.
     */
    void retire(int slot, long newBootCounter, Committee committee) {
        store.view().demands().stream()
                .filter(d -> d.dealer() == slot && d.answer().isEmpty())
                .forEach(this::withheld);
        for (Batch batch : store.view().batches()) {
            List<Generation> still = batch.live().stream()
                    .filter(g -> g.slot() != slot || g.bootCounter() == newBootCounter)
                    .toList();
            if (still.size() < batch.live().size()) {
                advance(batch.withLive(still), committee);
            }
        }
    }

    /** A complaint stood: an unfinished batch is made anew without that dealer. */
    void spoiled(long number) {
        store.view().batch(number).filter(b -> b.stage() != Stage.AVAILABLE).ifPresent(this::discard);
    }

    /** Takes the next presignature of the oldest batch, with the boots that hold it. */
    Optional<Taken> take() {
        for (Batch batch : store.view().batches()) {
            if (batch.stage() == Stage.AVAILABLE && batch.left() > 0) {
                Batch after = batch.taken();
                if (after.left() == 0) {
                    remove(batch);
                } else {
                    store.put(after);
                }
                return Optional.of(new Taken(new PresignatureId(batch.number(), batch.next()), batch.holders()));
            }
        }
        return Optional.empty();
    }

    /** A consumed presignature and its eligible holders. */
    record Taken(PresignatureId presignature, List<Generation> holders) {}

    private static Batch retired(Batch batch, Committee committee) {
        List<Generation> still =
                batch.live().stream().filter(g -> g.isCurrent(committee)).toList();
        return still.size() == batch.live().size() ? batch : batch.withLive(still);
    }

    private void advance(Batch batch, Committee committee) {
        boolean late = batch.stage() != Stage.AVAILABLE
                && store.view().parameters().batch().passed(batch.opened(), store.now());
        int able = batch.stage() == Stage.AVAILABLE
                ? batch.holders().size()
                : batch.live().size();
        if (late
                || able < committee.quorum()
                || batch.epoch() != store.context().epoch()) {
            discard(batch);
            return;
        }
        Batch moved = switch (batch.stage()) {
            case RANDOM -> isClosed(batch.randomInstance()) ? toProduct(batch) : batch;
            case PRODUCT ->
                isClosed(batch.productInstance())
                        ? batch.staged(Stage.CONFIRMING, batch.productInstance(), Optional.empty())
                        : batch;
            case CONFIRMING -> toAvailable(batch, committee);
            case AVAILABLE -> batch;
        };
        if (!store.view().batch(batch.number()).equals(Optional.of(moved))) {
            store.put(moved);
        }
    }

    private Batch toProduct(Batch batch) {
        Instance random = store.view().instance(batch.randomInstance()).orElseThrow();
        long product = open(InstanceKind.PRESIGN_PRODUCT, batch.number(), batch.width(), random.receivers());
        return batch.staged(Stage.PRODUCT, product, Optional.empty());
    }

    private Batch toAvailable(Batch batch, Committee committee) {
        Map<Bytes, Integer> counts = new HashMap<>();
        batch.live().stream()
                .map(g -> Optional.ofNullable(batch.confirmations().get(g.slot())))
                .flatMap(Optional::stream)
                .forEach(hash -> counts.merge(hash, 1, Integer::sum));
        // More than half of the members stand behind n-t, so at most one hash can have as many.
        Optional<Bytes> agreed = counts.entrySet().stream()
                .filter(e -> e.getValue() >= committee.quorum())
                .map(Map.Entry::getKey)
                .findFirst();
        if (agreed.isEmpty()) {
            return batch;
        }
        store.context().emit("mpc.batch-available", BoardView.u64(batch.number()));
        return batch.staged(Stage.AVAILABLE, batch.productInstance(), agreed);
    }

    private void refill(Committee committee) {
        if (store.view().finished(KeyState.SIGNING).isEmpty()) {
            return;
        }
        BoardParameters parameters = store.view().parameters();
        List<Batch> batches = store.view().batches();
        int stock = batches.stream().mapToInt(Batch::left).sum();
        int missing = stock < parameters.lowMark() ? parameters.highMark() - stock : 0;
        int wanted = Math.ceilDiv(missing, parameters.batchWidth());
        // A boot that no batch was dealt to holds nothing until there is one: it gets one, however full the pool is.
        boolean unserved = committee.members().stream()
                .map(m -> new Generation(m.slot(), m.bootCounter()))
                .anyMatch(g -> batches.stream().noneMatch(b -> b.live().contains(g)));
        int opened = Math.min(Math.max(wanted, unserved ? 1 : 0), parameters.maxBatches() - batches.size());
        for (int i = 0; i < opened; i++) {
            openBatch(committee, parameters.batchWidth());
        }
    }

    private void openBatch(Committee committee, int width) {
        long number = store.next("batch");
        List<DealingContext.Receiver> receivers = committee.members().stream()
                .map(m -> new DealingContext.Receiver(m.slot(), m.presignEncryption()))
                .toList();
        List<Generation> live = committee.members().stream()
                .map(m -> new Generation(m.slot(), m.bootCounter()))
                .toList();
        long random = open(InstanceKind.PRESIGN_RANDOM, number, width, receivers);
        store.put(new Batch(
                number,
                Stage.RANDOM,
                store.context().epoch(),
                width,
                random,
                0,
                live,
                Collections.emptySortedMap(),
                Optional.empty(),
                0,
                store.now()));
    }

    private long open(InstanceKind kind, long batch, int width, List<DealingContext.Receiver> receivers) {
        long number = store.next("instance");
        store.put(new Instance(
                number,
                kind,
                "batch/" + batch,
                batch,
                store.context().epoch(),
                width,
                receivers,
                Collections.emptySortedMap(),
                store.now()));
        return number;
    }

    private boolean isClosed(long instance) {
        return store.view().instance(instance).filter(Instance::isClosed).isPresent();
    }

    private void overdueDemands() {
        BoardParameters parameters = store.view().parameters();
        store.view().demands().stream()
                .filter(d -> d.answer().isEmpty() && parameters.demand().passed(d.at(), store.now()))
                .forEach(this::withheld);
    }

    /** A dealer that did not publish a demanded ciphertext does not deal for a while; the batch is made anew. */
    private void withheld(Demand demand) {
        store.fault(demand.dealer(), Fault.WITHHELD, demand.instance());
        store.exclude(demand.dealer(), Fault.WITHHELD);
        BoardView.DEMANDS.remove(
                store.context(), BoardView.tripleKey(demand.instance(), demand.dealer(), demand.receiver()));
        store.view().instance(demand.instance()).ifPresent(i -> spoiled(i.batch()));
    }

    private void liftExclusions(Committee committee) {
        BoardParameters parameters = store.view().parameters();
        for (Member member : committee.members()) {
            Bytes key = BoardView.u16(member.slot());
            BoardView.EXCLUDED
                    .get(store.context(), key)
                    .filter(e -> e.isOver(parameters, store.now()))
                    .ifPresent(e -> BoardView.EXCLUDED.remove(store.context(), key));
        }
    }

    private void discard(Batch batch) {
        remove(batch);
        store.context()
                .emit(
                        "mpc.batch-discarded",
                        new Writer()
                                .u64(batch.number())
                                .u8(batch.stage().ordinal())
                                .u16(batch.left())
                                .toBytes());
    }

    private void remove(Batch batch) {
        BoardView.BATCHES.remove(store.context(), BoardView.u64(batch.number()));
        store.removeInstance(batch.randomInstance());
        if (batch.productInstance() != 0) {
            store.removeInstance(batch.productInstance());
        }
    }
}
