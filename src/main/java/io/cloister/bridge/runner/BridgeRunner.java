package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.runner.ChainStatus.State;
import io.cloister.ledger.Committed;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Members;
import io.cloister.multichain.rpc.BitcoinRpc;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.multichain.rpc.RpcException;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs the runners: a thread for each chain, so that one that hangs does not stop the others. */
public final class BridgeRunner implements LedgerListener, AutoCloseable {
    private static final Logger LOG = System.getLogger(BridgeRunner.class.getName());
    private static final long PAUSE_MILLIS = 500;

    private final LedgerClient ledger;
    private final Submissions submissions;
    private final List<Loop> loops;

    BridgeRunner(LedgerClient ledger, Submissions submissions, List<Runner> runners) {
        this.ledger = ledger;
        this.submissions = submissions;
        this.loops = runners.stream().map(Loop::new).toList();
    }

    /** What a node brings along: its slot, and how it reaches the chains. */
    public record Setup(
            LedgerClient ledger,
            int slot,
            Sightings sightings,
            Map<String, BitcoinRpc> bitcoin,
            Map<String, EthereumRpc> ethereum,
            Map<String, Long> checkpoints,
            InstantSource clock) {}

    /**
     * Runners for these assets.
     *
     * @throws IllegalArgumentException naming the chain that the node cannot reach
     */
    public static BridgeRunner of(List<Asset> assets, Setup setup) {
        Submissions submissions = new Submissions(setup.ledger(), setup.clock(), setup.slot());
        List<Runner> runners = new ArrayList<>();
        for (Asset asset : assets) {
            BitcoinRpc home = reachable(setup.bitcoin(), asset.chain());
            long from = setup.checkpoints().getOrDefault(asset.chain(), 0L);
            runners.add(new BitcoinRunner(asset, home, from, submissions, setup.sightings()));
            EthereumRpc evm = reachable(setup.ethereum(), asset.evmChain());
            long evmFrom = setup.checkpoints().getOrDefault(asset.evmChain(), 0L);
            runners.add(new EthereumRunner(asset, evm, evmFrom, submissions));
        }
        return new BridgeRunner(setup.ledger(), submissions, runners);
    }

    private static <T> T reachable(Map<String, T> clients, String chain) {
        T client = clients.get(chain);
        if (client == null) {
            throw new IllegalArgumentException("no endpoint is set for " + chain);
        }
        return client;
    }

    public void start() {
        loops.forEach(Loop::start);
    }

    /** Height of the best block read of each chain; a chain that cannot be reached keeps its last. */
    public Map<String, Long> tips() {
        Map<String, Long> tips = new TreeMap<>();
        loops.forEach(loop -> tips.merge(loop.runner.chain(), loop.runner.tip(), Math::max));
        return tips;
    }

    /** How each chain of each asset is followed now. */
    public List<ChainStatus> chains() {
        return loops.stream().map(Loop::status).toList();
    }

    /** How many reports the ledger has refused for good. */
    public long givenUp() {
        return submissions.givenUp();
    }

    @Override
    public void committed(Committed committed) {
        loops.forEach(loop -> loop.wake.release());
    }

    @Override
    public void close() {
        loops.forEach(Loop::stop);
    }

    private final class Loop implements Runnable {
        private final Runner runner;
        private final Semaphore wake = new Semaphore(0);
        private final Thread thread;
        private volatile State state = State.FOLLOWING;
        private volatile String trouble = "";
        private String logged = "";
        private boolean identified;

        Loop(Runner runner) {
            this.runner = runner;
            this.thread = Thread.ofVirtual().name("bridge-" + runner.chain()).unstarted(this);
        }

        ChainStatus status() {
            String why = trouble;
            return new ChainStatus(
                    runner.asset(),
                    runner.chain(),
                    runner.tip(),
                    state,
                    why.isEmpty() ? Optional.empty() : Optional.of(why),
                    runner.broken(),
                    runner.leftOut());
        }

        void start() {
            thread.start();
        }

        void stop() {
            thread.interrupt();
        }

        @Override
        public void run() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    step();
                    if (wake.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                        wake.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Error e) {
                trouble = "internal-error";
                state = State.ENDED;
                LOG.log(Level.ERROR, "ALARM: " + runner.chain() + " is followed no more", e);
                throw e;
            }
        }

        private void step() {
            try {
                if (!identified) {
                    runner.requireChain();
                    identified = true;
                }
                View view = ledger.state();
                runner.step(view, Members.all(view).size());
                logged = "";
                trouble = "";
                state = State.FOLLOWING;
            } catch (RuntimeException e) {
                identified = false;
                report(e);
            }
        }

        /** The same failure again and again is said once. */
        private void report(RuntimeException e) {
            boolean wrong = e instanceof RpcException rpc && rpc.reason() == Reason.WRONG_CHAIN;
            trouble = trouble(e, wrong);
            state = wrong ? State.WRONG_CHAIN : State.FAILING;
            if (!logged.equals(String.valueOf(e.getMessage()))) {
                logged = String.valueOf(e.getMessage());
                LOG.log(
                        wrong ? Level.ERROR : Level.WARNING,
                        "following " + runner.chain() + " failed, trying again",
                        e);
            }
        }

        private static String trouble(RuntimeException e, boolean wrong) {
            if (wrong) {
                return String.valueOf(e.getMessage());
            }
            return e instanceof RpcException rpc
                    ? rpc.reason().name().toLowerCase(Locale.ROOT).replace('_', '-')
                    : "internal-error";
        }
    }
}
