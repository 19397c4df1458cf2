package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.TestLitecoin.Mined;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Receipt;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxOutput;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of everything that can happen to the bridge. {@link BridgeFixture} checks after every block that
 * {@code locked + deficit = minted + fees + in flight}, that no number is negative, and that locked is the sum of the
 * counted outputs.
 */
class BridgeCampaignTest {
    private static final int STEPS = 120;

    private final Map<String, Integer> covered = new TreeMap<>();
    private int blocks;

    @Test
    void accountsBalanceAfterEveryBlockOfAnyHistory() {
        long budget = Long.getLong("cloister.budget", 10) * 1_000_000_000L;
        long first = Long.getLong("cloister.seed", 1);
        long begun = System.nanoTime();
        long seed = first;
        do {
            new History(seed++).run();
        } while (System.nanoTime() - begun < budget);
        System.getLogger("cloister.campaign")
                .log(
                        System.Logger.Level.INFO,
                        "bridge: seeds {0} to {1}, {2} blocks, outcomes {3}",
                        first,
                        seed - 1,
                        blocks,
                        covered);
        assertThat(covered).containsKeys("deposit ok", "burn ok", "confirmed ok", "recapitalise ok", "settled history");
    }

    /** One history of one bridge. */
    private final class History {
        private final long seed;
        private final Random random;
        private final BridgeFixture bridge;
        private final List<Gateway> gateways = new ArrayList<>();
        private final List<Bytes> said = new ArrayList<>();
        private final List<Integer> kinds = new ArrayList<>();
        private final List<Bytes> thefts = new ArrayList<>();
        private final Set<OutPoint> stolen = new HashSet<>();

        History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            long cap = random.nextBoolean() ? BridgeFixture.LTC.dailyCap() : 300_000 + random.nextInt(3_000_000);
            this.bridge =
                    new BridgeFixture(1 + random.nextInt(8), BridgeFixture.asset("LTC", BridgeFixture.CONTRACT, cap));
        }

        void run() {
            try {
                for (int i = 0; i < STEPS; i++) {
                    step();
                }
                settle();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
            blocks += (int) bridge.chain.ledger().height();
        }

        private void step() {
            switch (random.nextInt(16)) {
                case 0 -> gateways.add(bridge.gateway(gateways.size()));
                case 1, 2, 3 -> deposit();
                case 4, 5 -> bridge.block(someSignatures());
                case 6, 7 -> burn();
                case 8 -> bridge.feeRate(random.nextInt(100_000), 1 + random.nextInt(4));
                case 9 -> bridge.feeRate(1_000 + random.nextInt(9_000), 1, 2, 3);
                case 10, 11 -> confirm();
                case 12 -> broadcast();
                case 13 -> again();
                case 14 -> rare();
                default -> bridge.block();
            }
        }

        private void note(String what, Receipt receipt) {
            covered.merge(what + " " + (receipt.succeeded() ? "ok" : receipt.code()), 1, Integer::sum);
        }

        private void say(String what, int kind, Bytes body) {
            kinds.add(kind);
            said.add(body);
            note(what, bridge.run(1 + random.nextInt(4), kind, body));
        }

        private void deposit() {
            if (gateways.isEmpty()) {
                return;
            }
            Gateway gateway = gateways.get(random.nextInt(gateways.size()));
            Mined paid = random.nextInt(4) > 0 ? bridge.pay(gateway, amount()) : payTwice(gateway);
            if (random.nextInt(8) > 0) {
                bridge.observeLitecoin(paid.height());
            }
            say(
                    "deposit",
                    BridgeModule.REPORT_DEPOSIT,
                    Reports.deposit(
                            gateway.gHash(),
                            paid.height(),
                            List.of(1L, (long) random.nextInt(3)),
                            bridge.litecoin.proof(paid),
                            List.of()));
        }

        private long amount() {
            return 40_000 + random.nextInt(400_000);
        }

        private Mined payTwice(Gateway gateway) {
            Bytes script = gateway.script().output();
            OutPoint coin =
                    bridge.litecoin.payment(script, 1).inputs().getFirst().outPoint();
            return bridge.litecoin.mine(TestLitecoin.spend(
                    coin,
                    List.of(
                            new TxOutput(amount(), TestLitecoin.somebody(1)),
                            new TxOutput(amount(), script),
                            new TxOutput(amount(), script))));
        }

        private List<Bytes> someSignatures() {
            List<SigningRequest> open = bridge.requests();
            return open.stream()
                    .limit(1 + random.nextInt(4))
                    .map(bridge::signatureTransaction)
                    .toList();
        }

        private void burn() {
            long most = Math.max(bridge.accounts().minted(), 60_000);
            boolean all = random.nextInt(6) == 0;
            note("burn", bridge.burn(all ? most : 40_000 + random.nextLong(most)));
        }

        private void confirm() {
            for (Transfer open : BridgeState.openTransfers(bridge.state())) {
                if (!open.raw().isEmpty() && canBeMined(open)) {
                    note("confirmed", bridge.confirm(open));
                    return;
                }
            }
        }

        /** No chain takes two spends of one output. */
        private boolean canBeMined(Transfer transfer) {
            return transfer.release().orElseThrow().spend().coins().stream()
                    .noneMatch(coin -> stolen.contains(coin.outPoint()));
        }

        private void broadcast() {
            BridgeState.openTransfers(bridge.state()).stream()
                    .filter(t -> t.txid().isPresent())
                    .findFirst()
                    .ifPresent(t -> say(
                            "broadcast",
                            BridgeModule.RELEASE_BROADCAST,
                            Reports.broadcast(t.id(), t.txid().orElseThrow())));
        }

        /** Says something once more that was said before. */
        private void again() {
            if (!said.isEmpty()) {
                int which = random.nextInt(said.size());
                note("again", bridge.run(1 + random.nextInt(4), kinds.get(which), said.get(which)));
            }
        }

        private void rare() {
            switch (random.nextInt(10)) {
                case 0 -> bridge.chain.millis += BridgeFixture.DAY / 4;
                case 1 -> theft();
                case 2 -> recapitalise(amount());
                case 3 -> note("burn for nobody", bridge.burn(Bytes.utf8("nobody"), BigInteger.valueOf(50_000)));
                default -> {
                    boolean pause = random.nextInt(3) == 0;
                    bridge.runAll(BridgeModule.PAUSE, Reports.pause("LTC", pause), 1, 2, 3);
                }
            }
        }

        private void recapitalise(long amount) {
            say("recapitalise", BridgeModule.RECAPITALISE, bridge.recapitalisation(amount));
        }

        private void theft() {
            List<VaultOutput.Summary> held = BridgeState.holdings(bridge.state(), "LTC");
            if (!held.isEmpty()) {
                VaultOutput.Summary victim = held.get(random.nextInt(held.size()));
                Mined mined = bridge.litecoin.mine(
                        TestLitecoin.spend(victim.outPoint(), List.of(new TxOutput(500, TestLitecoin.somebody(7)))));
                stolen.add(victim.outPoint());
                bridge.observeLitecoin(mined.height());
                thefts.add(Reports.spend("LTC", mined.height(), bridge.litecoin.proof(mined)));
                say("theft", BridgeModule.REPORT_SPEND, thefts.getLast());
            }
        }

        /** What is missing is paid in, and everything comes to its end: only what waits for a lower fee is left. */
        private void settle() {
            bridge.feeRate(2_000, 1, 2, 3, 4);
            for (int round = 0; round < 300 && !isSettled(); round++) {
                long missing = bridge.accounts().deficit();
                if (missing > 0) {
                    recapitalise(Math.max(missing, 50_000));
                }
                bridge.runAll(BridgeModule.PAUSE, Reports.pause("LTC", false), 1, 2, 3);
                bridge.signAll();
                confirm();
                thefts.forEach(theft -> bridge.run(1, BridgeModule.REPORT_SPEND, theft));
                bridge.chain.millis += BridgeFixture.DAY / 4;
            }
            assertThat(isSettled()).isTrue();
            long waiting = BridgeState.openTransfers(bridge.state()).stream()
                    .mapToLong(Transfer::gone)
                    .sum();
            assertThat(bridge.accounts().inFlight()).isEqualTo(waiting);
            covered.merge("settled history", 1, Integer::sum);
        }

        private boolean isSettled() {
            return bridge.accounts().deficit() == 0
                    && bridge.paused().isEmpty()
                    && bridge.requests().isEmpty()
                    && BridgeState.MINTS
                            .keys(bridge.state().module(BridgeState.MODULE), Bytes.EMPTY, 1)
                            .isEmpty()
                    && BridgeState.openTransfers(bridge.state()).stream()
                            .allMatch(t -> t.state() == Transfer.State.WAITING);
        }
    }
}
