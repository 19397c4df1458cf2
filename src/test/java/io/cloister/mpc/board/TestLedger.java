package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.Context;
import io.cloister.ledger.Event;
import io.cloister.ledger.Module;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A ledger in one object: orders transactions into blocks, runs the board, and rolls refused transactions back. */
public final class TestLedger {
    public static final String CHAIN = "test-chain";
    public static final long EPOCH = 1;

    private final Module module;
    private final Map<Bytes, Transaction> pool = new LinkedHashMap<>();
    private final Set<Bytes> seen = new HashSet<>();
    private final Map<Long, Bytes> blockIds = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private TreeMap<Bytes, Bytes> state = new TreeMap<>();
    private long height;
    private long time = 1_000_000;

    public TestLedger(Module module, List<Member> members) {
        this.module = module;
        Frame frame = new Frame(new TreeMap<>(), module.id(), Optional.empty());
        module.genesis(frame);
        state = frame.state;
        members.forEach(this::register);
    }

    /** Writes a member's record, and that it holds shares, as the membership module would. */
    public void register(Member member) {
        TreeMap<Bytes, Bytes> changed = new TreeMap<>(state);
        changed.put(membershipKey("member/", member), member.encode());
        changed.put(membershipKey("holder/", member), member.nodeId());
        state = changed;
    }

    private static Bytes membershipKey(String prefix, Member member) {
        return Bytes.concat(
                Bytes.of((byte) Members.MODULE),
                Bytes.utf8(prefix),
                new Writer().u16(member.slot()).toBytes());
    }

    public Optional<String> submit(Transaction transaction) {
        try {
            module.check(transaction, view(transaction.module()));
        } catch (Refusal e) {
            return Optional.of(e.code());
        }
        if (!seen.contains(transaction.hash())) {
            pool.put(transaction.hash(), transaction);
        }
        return Optional.empty();
    }

    /** Puts a transaction into the next block whatever the door says. */
    void submitUnchecked(Transaction transaction) {
        pool.put(transaction.hash(), transaction);
    }

    /** Something that another module does inside a block. */
    public interface Step {
        void run(Context context) throws Refusal;
    }

    /** Makes a block of everything in the pool, then of a step of another module. */
    public void block(long millis, Optional<Step> step) {
        height++;
        time += millis;
        TreeMap<Bytes, Bytes> working = new TreeMap<>(state);
        for (Transaction transaction : List.copyOf(pool.values())) {
            seen.add(transaction.hash());
            Frame frame = new Frame(new TreeMap<>(working), transaction.module(), sender(transaction));
            try {
                module.execute(transaction, frame);
                working = frame.state;
            } catch (Refusal e) {
                refusals.add(e.code());
            }
        }
        pool.clear();
        Frame frame = new Frame(working, module.id(), Optional.empty());
        if (step.isPresent()) {
            try {
                step.get().run(frame);
            } catch (Refusal e) {
                refusals.add(e.code());
            }
        }
        module.endBlock(frame);
        state = frame.state;
        blockIds.put(
                height,
                Hashes.sha256(
                        Bytes.utf8("block"), new Writer().u64(height).u64(time).toBytes()));
    }

    public void block(long millis) {
        block(millis, Optional.empty());
    }

    public View view(int id) {
        return new Fixed(state, id);
    }

    public long height() {
        return height;
    }

    public long time() {
        return time;
    }

    public Optional<Bytes> blockId(long at) {
        return Optional.ofNullable(blockIds.get(at));
    }

    public List<String> refusals() {
        return refusals;
    }

    public List<Event> events() {
        return events;
    }

    /** The root that stands for the whole state. */
    public Bytes root() {
        Writer writer = new Writer();
        state.forEach((key, value) -> writer.bytes(key).bytes(value));
        return Hashes.sha256(writer.toBytes());
    }

    private Optional<Validator> sender(Transaction transaction) {
        return Members.validators(view(0)).byVoteKey(transaction.sender());
    }

    private static Bytes absolute(int id, Bytes key) {
        return Bytes.concat(Bytes.of((byte) id), key);
    }

    private static SortedMap<Bytes, Bytes> scan(TreeMap<Bytes, Bytes> from, int id, Bytes prefix, int limit) {
        SortedMap<Bytes, Bytes> found = new TreeMap<>();
        Bytes start = absolute(id, prefix);
        for (Map.Entry<Bytes, Bytes> entry : from.tailMap(start).entrySet()) {
            if (!entry.getKey().startsWith(start) || found.size() == limit) {
                break;
            }
            found.put(entry.getKey().slice(1, entry.getKey().length() - 1), entry.getValue());
        }
        return found;
    }

    private record Fixed(TreeMap<Bytes, Bytes> state, int id) implements View {
        @Override
        public Optional<Bytes> get(Bytes key) {
            return Optional.ofNullable(state.get(absolute(id, key)));
        }

        @Override
        public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
            return TestLedger.scan(state, id, prefix, limit);
        }

        @Override
        public View module(int other) {
            return new Fixed(state, other);
        }
    }

    private final class Frame implements Context {
        private final TreeMap<Bytes, Bytes> state;
        private final int id;
        private final Optional<Validator> sender;

        Frame(TreeMap<Bytes, Bytes> state, int id, Optional<Validator> sender) {
            this.state = state;
            this.id = id;
            this.sender = sender;
        }

        @Override
        public Optional<Bytes> get(Bytes key) {
            return Optional.ofNullable(state.get(absolute(id, key)));
        }

        @Override
        public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
            return TestLedger.scan(state, id, prefix, limit);
        }

        @Override
        public View module(int other) {
            return new Frame(state, other, sender);
        }

        @Override
        public Context as(int other) {
            return new Frame(state, other, sender);
        }

        @Override
        public void attempt(Runnable part) {
            part.run();
        }

        @Override
        public void put(Bytes key, Bytes value) {
            state.put(absolute(id, key), value);
        }

        @Override
        public void remove(Bytes key) {
            state.remove(absolute(id, key));
        }

        @Override
        public long height() {
            return height;
        }

        @Override
        public long timeMillis() {
            return time;
        }

        @Override
        public long epoch() {
            return EPOCH;
        }

        @Override
        public String chainId() {
            return CHAIN;
        }

        @Override
        public ValidatorSet validators() {
            return Members.validators(this);
        }

        @Override
        public Optional<Validator> sender() {
            return sender;
        }

        @Override
        public void emit(String name, Bytes data) {
            events.add(new Event(name, data));
        }
    }
}
