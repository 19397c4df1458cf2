package io.cloister.mpc.node;

import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Topic;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Header;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.LedgerListener;
import io.cloister.mpc.Committee;
import io.cloister.mpc.CommitteeView;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.protocol.Effect;
import io.cloister.mpc.protocol.Input;
import io.cloister.mpc.protocol.Message;
import io.cloister.mpc.protocol.MpcMachine;
import io.cloister.mpc.protocol.Self;
import io.cloister.mpc.protocol.Snapshot;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the machines of this node on one thread. It is driven by final blocks and looks at the newest state only, so
 * that a restart or a lost message loses nothing.
 */
public final class MpcNode implements LedgerListener, AutoCloseable {
    private static final Logger LOG = System.getLogger(MpcNode.class.getName());
    private static final long TICK_MILLIS = 200;
    private static final int BLOCK_IDS_KEPT = 512;
    private static final long CLOSE_MILLIS = 5_000;

    private final KeyShareStore store;
    private final CommitteeView committees;
    private final PeerNetwork network;
    private final LedgerClient ledger;
    private final MpcMachine machine;
    private final Inbox inbox = new Inbox();
    private final Thread thread;
    private final Once logged = new Once();
    private final Map<MpcStatus.Seen, Long> faults = new HashMap<>();
    private final Map<Long, Bytes> blockIds = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Bytes> eldest) {
            return size() > BLOCK_IDS_KEPT;
        }
    };
    private Optional<Committee> committee = Optional.empty();
    private long height;
    private long alarms;
    private volatile MpcStatus status = MpcStatus.idle();
    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean running = true;

    /**
     * @param self this boot's keys; they stay the caller's and must outlive the node
     * @param store sealed storage for key shares
     * @param committees reads the committee from the state
     */
    public MpcNode(Self self, KeyShareStore store, CommitteeView committees, PeerNetwork network, LedgerClient ledger) {
        this.store = store;
        this.committees = committees;
        this.network = network;
        this.ledger = ledger;
        this.machine = new MpcMachine(self, store);
        this.thread = Thread.ofPlatform().name("mpc").daemon().unstarted(this::loop);
    }

    /** Begins to listen and to work; once. */
    public void start() {
        network.subscribe(Topic.MPC, (nodeId, payload) -> inbox.put(nodeId, Message.decode(payload)));
        thread.start();
    }

    @Override
    public void committed(Committed committed) {
        Header header = committed.block().header();
        synchronized (blockIds) {
            blockIds.put(header.height(), committed.block().id());
        }
        inbox.put(committed);
    }

    public MpcStatus status() {
        return status;
    }

    /** Why this node takes part no longer, if so; for good. */
    public Optional<String> ended() {
        return ended;
    }

    /** Ends the thread and zeroes every share in memory. */
    @Override
    public void close() {
        running = false;
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        String cause = "the thread has ended";
        try {
            long ticked = now();
            while (running) {
                inbox.take(TICK_MILLIS).ifPresent(this::handle);
                if (now() - ticked >= TICK_MILLIS) {
                    ticked = now();
                    step(new Input.Tick(ticked));
                }
                publish();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cause = "the thread was interrupted";
        } catch (RuntimeException | Error e) {
            // After a share that could not be stored, going on would confirm what a restart loses.
            cause = e.toString();
            alarms++;
            LOG.log(Level.ERROR, "the threshold protocols have stopped", e);
        } finally {
            ended = Optional.of(cause);
            machine.close();
            publish();
        }
    }

    private void handle(Inbox.Event event) {
        switch (event) {
            case Inbox.Event.Final(Committed committed) -> advance(committed);
            case Inbox.Event.Said(Bytes nodeId, Message message) ->
                committee
                        .flatMap(c -> c.byNodeId(nodeId))
                        .map(Member::slot)
                        .ifPresent(slot -> step(new Input.Received(slot, message, now())));
        }
    }

    private void advance(Committed committed) {
        Header header = committed.block().header();
        guarded("block " + header.height(), () -> {
            committee = committees.committee(committed.state());
            height = header.height();
            committee.ifPresent(members -> step(new Input.Advanced(
                    Snapshot.read(
                            committed.state(),
                            header.chainId(),
                            header.epoch(),
                            header.height(),
                            members,
                            at -> blockId(committed, at)),
                    now())));
        });
    }

    /** One step and its effects, each for itself: one that fails does not take the others with it. */
    private void step(Input input) {
        List<Effect> effects = new ArrayList<>();
        guarded(input.getClass().getSimpleName(), () -> effects.addAll(machine.step(input)));
        effects.forEach(effect -> guarded(effect.getClass().getSimpleName(), () -> run(effect)));
    }

    /** What a peer sent, or a service that fails, must never end the thread: it is one alarm. */
    private void guarded(String what, Runnable work) {
        try {
            work.run();
        } catch (NotStored e) {
            throw e;
        } catch (RuntimeException e) {
            alarms++;
            LOG.log(Level.ERROR, () -> "the threshold protocols failed on " + what, e);
        }
    }

    /**
     * A block's id as this node knows it from a certificate: of the last blocks by itself, of older ones from the
     * state.
     */
    private Optional<Bytes> blockId(Committed newest, long at) {
        synchronized (blockIds) {
            Bytes known = blockIds.get(at);
            if (known != null) {
                return Optional.of(known);
            }
        }
        return Ledger.blockId(newest.state(), at);
    }

    private void run(Effect effect) {
        switch (effect) {
            case Effect.Send(int slot, Message message) -> send(slot, message.encode());
            case Effect.Broadcast(Message message) -> {
                Bytes encoded = message.encode();
                committee.ifPresent(c -> c.members().forEach(m -> send(m.slot(), encoded)));
            }
            case Effect.Submit submit ->
                ledger.submit(
                                BoardModule.ID,
                                submit.transaction().kind(),
                                submit.transaction().encode())
                        .whenComplete((receipt, refused) -> {
                            if (refused != null) {
                                LOG.log(Level.DEBUG, () -> "a board transaction did not get in: " + refused);
                            }
                        });
            case Effect.Persist persist -> {
                try (persist) {
                    store.put(persist.id(), persist.epoch(), persist.secret());
                } catch (RuntimeException e) {
                    throw new NotStored(e);
                }
            }
            case Effect.Report report -> {
                faults.merge(new MpcStatus.Seen(report.slot(), report.fault()), 1L, Long::sum);
                if (logged.isNew(report)) {
                    LOG.log(
                            Level.WARNING,
                            () -> "slot " + report.slot() + ": " + report.fault() + ", " + report.about());
                }
            }
            case Effect.Alarm alarm -> {
                alarms++;
                if (logged.isNew(alarm)) {
                    LOG.log(Level.ERROR, alarm::text);
                }
            }
        }
    }

    private void send(int slot, Bytes payload) {
        committee
                .flatMap(c -> c.member(slot))
                .map(Member::nodeId)
                .filter(id -> !id.equals(network.self()))
                .ifPresent(id -> network.send(id, Topic.MPC, payload));
    }

    private void publish() {
        status = new MpcStatus(
                height,
                machine.hasKeyShare(KeyState.SIGNING),
                machine.hasKeyShare(KeyState.BEACON),
                machine.presignaturesHeld(),
                faults,
                alarms,
                inbox.dropped());
    }

    /** The sealed store failed. */
    private static final class NotStored extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotStored(RuntimeException cause) {
            super("a key share could not be stored", cause);
        }
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
