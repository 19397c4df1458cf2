package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Section;
import io.cloister.ledger.View;
import io.cloister.mpc.Fault;
import java.util.List;
import java.util.Optional;

/** Reads the board's part of one version of the state. Layout: docs/mpc.md, "The board". */
public final class BoardView {
    /** The most entries that a list here can have: far above what the parameters allow. */
    static final int MAX_LIST = 4_096;

    static final Section<BoardParameters> PARAMETERS =
            Section.of("parameters", (w, p) -> p.encode(w), BoardParameters::decode);
    static final Section<Long> COUNTERS = Section.of("counter", Writer::u64, Reader::u64);
    static final Section<Instance> INSTANCES = Section.of("instance", (w, i) -> i.encode(w), Instance::decode);
    static final Section<Batch> BATCHES = Section.of("batch", (w, b) -> b.encode(w), Batch::decode);
    static final Section<KeyState> KEYS = Section.of("key", (w, k) -> k.encode(w), KeyState::decode);
    static final Section<RequestState> REQUESTS = Section.of("request", (w, r) -> r.encode(w), RequestState::decode);
    static final Section<Bytes> PENDING = Section.of("pending", Writer::fixed, r -> r.fixed(32));
    static final Section<FaultRecord> FAULTS = Section.of("fault", (w, f) -> f.encode(w), FaultRecord::decode);
    static final Section<Exclusion> EXCLUDED = Section.of("excluded", (w, e) -> e.encode(w), Exclusion::decode);
    static final Section<Moment> COMPLAINTS = Section.of("complaint", (w, m) -> m.encode(w), Moment::decode);
    static final Section<Moment> FALSE_COMPLAINTS =
            Section.of("false-complaint", (w, m) -> m.encode(w), Moment::decode);
    static final Section<Demand> DEMANDS = Section.of("demand", (w, d) -> d.encode(w), Demand::decode);

    private final View view;

    private BoardView(View view) {
        this.view = view;
    }

    /** @param anyModule any module's view of the version to read */
    public static BoardView of(View anyModule) {
        return new BoardView(anyModule.module(BoardModule.ID));
    }

    /** Requests that can be queued now. */
    public int room() {
        return parameters().maxPending()
                - PENDING.keys(view, Bytes.EMPTY, MAX_LIST).size();
    }

    public BoardParameters parameters() {
        return PARAMETERS.get(view, Bytes.EMPTY).orElseGet(BoardParameters::defaults);
    }

    public Optional<KeyState> key(String label) {
        return KEYS.get(view, Bytes.utf8(label));
    }

    /** The finished key of a label. */
    public Optional<KeyState.KeyTranscript> finished(String label) {
        return key(label).flatMap(KeyState::transcript);
    }

    public Optional<Instance> instance(long number) {
        return INSTANCES.get(view, u64(number));
    }

    /** The highest number of an instance that was ever opened; 0 before the first. */
    public long newestInstance() {
        return COUNTERS.get(view, Bytes.utf8("instance")).orElse(0L);
    }

    /** All instances in the order of their numbers. */
    public List<Instance> instances() {
        return INSTANCES.list(view, MAX_LIST);
    }

    public Optional<Batch> batch(long number) {
        return BATCHES.get(view, u64(number));
    }

    /** All batches in the order of their numbers. */
    public List<Batch> batches() {
        return BATCHES.list(view, MAX_LIST);
    }

    public Optional<RequestState> request(Bytes requestId) {
        return REQUESTS.get(view, requestId);
    }

    /** Requests without an answer, in the order in which they came. */
    public List<RequestState> pending() {
        return PENDING.list(view, MAX_LIST).stream()
                .map(id -> REQUESTS.get(view, id).orElseThrow())
                .toList();
    }

    /** Presignatures that can be assigned now. */
    public int available() {
        return batches().stream()
                .filter(b -> b.stage() == Batch.Stage.AVAILABLE)
                .mapToInt(Batch::left)
                .sum();
    }

    /** Whether this receiver's complaint about this dealing stands. */
    public boolean complained(long instance, int dealer, int receiver) {
        return COMPLAINTS.get(view, tripleKey(instance, dealer, receiver)).isPresent();
    }

    /** Faults that the ledger verified, by slot. */
    public List<FaultRecord> faults() {
        return FAULTS.list(view, MAX_LIST);
    }

    /** Why a slot may not deal presignatures now, if it may not. */
    public Optional<Fault> excluded(int slot) {
        return EXCLUDED.get(view, u16(slot)).map(Exclusion::fault);
    }

    public List<Demand> demands() {
        return DEMANDS.list(view, MAX_LIST);
    }

    public Optional<Demand> demand(long instance, int dealer, int receiver) {
        return DEMANDS.get(view, tripleKey(instance, dealer, receiver));
    }

    static Bytes u64(long number) {
        return new Writer().u64(number).toBytes();
    }

    static Bytes u16(int slot) {
        return new Writer().u16(slot).toBytes();
    }

    static Bytes tripleKey(long instance, int dealer, int receiver) {
        return new Writer().u64(instance).u16(dealer).u16(receiver).toBytes();
    }
}
