package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SigningKey;
import io.cloister.mpc.Committee;
import io.cloister.mpc.Fault;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.Instance;
import io.cloister.mpc.board.Moment;
import io.cloister.mpc.board.TestLedger;
import io.cloister.mpc.dealing.Basis;
import io.cloister.mpc.dealing.Dealer;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.InstanceKind;
import io.cloister.mpc.dealing.ReceiverPacket;
import io.cloister.mpc.dealing.ShareKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DealingExchangeTest {
    private final Simulation simulation = new Simulation(4, 47);
    private final Committee committee =
            new MembershipCommittee().committee(simulation.ledger.view(0)).orElseThrow();
    private final ShareKey own = ShareKey.generate();
    private final Effects out = new Effects();

    private static final class NoStore implements KeyShareStore {
        @Override
        public void put(String id, long epoch, SecretBytes secret) {
            throw new AssertionError("presignature shares are never stored");
        }

        @Override
        public Optional<SecretBytes> get(String id, long epoch) {
            return Optional.empty();
        }
    }

    private Instance instance(SortedMap<Integer, Instance.Included> included) {
        List<DealingContext.Receiver> receivers = new ArrayList<>();
        for (int slot = 1; slot <= 4; slot++) {
            Bytes key = slot == 1 ? own.id() : ShareKey.generate().id();
            receivers.add(new DealingContext.Receiver(slot, key));
        }
        return new Instance(
                5,
                InstanceKind.PRESIGN_RANDOM,
                "batch/1",
                1,
                TestLedger.EPOCH,
                2,
                receivers,
                included,
                new Moment(1, 1));
    }

    private Snapshot snapshot() {
        return new Snapshot(
                TestLedger.CHAIN,
                TestLedger.EPOCH,
                1,
                committee,
                new TreeMap<>(),
                new TreeMap<>(),
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                simulation.view());
    }

    @Test
    void aDealingThatIsPushedAgainAfterItsOutcomeWasTakenOverLeavesNoSharesBehind() {
        Instance open = instance(new TreeMap<>());
        SortedMap<Integer, Instance.Included> included = new TreeMap<>();
        List<Message.DealingPush> pushes = new ArrayList<>();
        for (int dealer = 2; dealer <= 3; dealer++) {
            Dealing dealing = new Dealer(open.context(TestLedger.CHAIN), dealer).random();
            included.put(dealer, new Instance.Included(dealing.id(), List.of(2, 3, 4)));
            pushes.add(new Message.DealingPush(5, dealer, dealing.id(), Optional.empty(), dealing.packetFor(1)));
        }
        Instance closed = new Instance(
                5,
                open.kind(),
                open.label(),
                open.batch(),
                open.epoch(),
                open.width(),
                open.receivers(),
                included,
                open.opened());
        SigningKey vote = SigningKey.generate();
        Self self = new Self(vote.id(), vote, ShareKey.generate(), own, 1);
        try (DealingExchange exchange = new DealingExchange(
                closed, snapshot(), self, 1, new NoStore(), dealer -> Optional.of(new Basis.Nothing()))) {
            push(exchange, pushes);
            assertThat(exchange.shares()).isPresent();
            exchange.release();
            assertThat(exchange.shares()).isEmpty();
            push(exchange, pushes);
            assertThat(exchange.shares()).isEmpty();
            assertThat(exchange.transcript()).isPresent();
        }
    }

    @Test
    void namesTheSenderOfMoreCiphertextsThanReceivers() {
        Instance open = instance(new TreeMap<>());
        Dealing dealing = new Dealer(open.context(TestLedger.CHAIN), 2).random();
        ReceiverPacket whole = dealing.wholePacket();
        List<ReceiverPacket.Sealed> many = new ArrayList<>(whole.sealed());
        many.addAll(whole.sealed());
        ReceiverPacket swollen = new ReceiverPacket(whole.publicPart(), whole.publicPath(), many);
        SigningKey vote = SigningKey.generate();
        Self self = new Self(vote.id(), vote, ShareKey.generate(), own, 1);
        try (DealingExchange exchange = new DealingExchange(
                open, snapshot(), self, 1, new NoStore(), dealer -> Optional.of(new Basis.Nothing()))) {
            push(exchange, List.of(new Message.DealingPush(5, 2, dealing.id(), Optional.empty(), swollen)));
            assertThat(out.drain())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Effect.Report.class,
                            report -> assertThat(report.fault()).isEqualTo(Fault.MALFORMED));
        }
    }

    private void push(DealingExchange exchange, List<Message.DealingPush> pushes) {
        for (Message.DealingPush push : pushes) {
            exchange.pushed(committee.member(push.dealer()).orElseThrow(), push, snapshot(), out);
        }
    }
}
