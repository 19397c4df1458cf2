package io.cloister.mpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Scalar;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.dealing.InstanceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random schedules: t members with random misbehaviour, a network that loses, repeats and delays, honest members that
 * are killed and restarted at random moments. {@code -Dcloister.budget} gives it seconds and fresh seeds, {@code -Dcloister.seed} one
 * seed.
 */
class CampaignTest {
    private final Map<String, Integer> covered = new TreeMap<>();

    @Test
    void everyRequestIsAnsweredOnceAndOnlyFaultyMembersAreNamed() {
        Long only = Long.getLong("cloister.seed");
        long budget = Long.getLong("cloister.budget", 0L);
        long end = System.nanoTime() + budget * 1_000_000_000L;
        long first = only != null ? only : budget == 0 ? 1_000 : System.nanoTime() & 0xffff_ffffL;
        long seed = first;
        do {
            run(seed++);
        } while (only == null && (seed < first + 3 || System.nanoTime() < end));
        System.out.println("mpc campaign: " + (seed - first) + " seeds from " + first + ", " + covered);
    }

    private void run(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L); // neighbouring seeds begin alike otherwise
        int size = random.nextInt(4) == 0 ? 7 : 4;
        int faulty = random.nextInt((size - 1) / 3 + 1);
        Simulation simulation = new Simulation(size, seed, Simulation.parameters(), adversary(random, size, faulty));
        for (int slot = 1; slot <= faulty; slot++) {
            misbehave(simulation, slot, random.nextInt(6));
        }
        double loss = random.nextInt(3) * 0.1;
        simulation.network(loss, random.nextInt(3) * 0.1, 20 + random.nextInt(150));
        count("n=" + size);
        count("faulty=" + faulty);
        List<SigningRequest> requests = new ArrayList<>();
        for (int step = 0; step < 12; step++) {
            simulation.run(100 + random.nextInt(900));
            if (random.nextInt(2) == 0) {
                requests.add(SuiteTest.request((int) (seed * 100 + step), "campaign", "" + step));
                simulation.request(requests.getLast());
            }
            if (random.nextInt(3) == 0) {
                int slot = faulty + 1 + random.nextInt(size - faulty);
                simulation.kill(slot);
                simulation.run(100 + random.nextInt(600));
                simulation.restart(slot);
                count("restarts");
            }
        }
        simulation.until("answers of seed " + seed, 400_000, () -> simulation.answers.size() == requests.size());
        simulation.run(2_000);
        verify(simulation, requests, faulty, seed);
    }

    private void verify(Simulation simulation, List<SigningRequest> requests, int faulty, long seed) {
        for (SigningRequest request : requests) {
            assertThat(simulation.answered).as("seed %d", seed).containsEntry(request.requestId(), 1);
            assertThat(Ecdsa.verify(
                            simulation.keys().derivedKey(request.path()).orElseThrow(),
                            request.digest(),
                            simulation.answers.get(request.requestId())))
                    .as("seed %d", seed)
                    .isTrue();
        }
        count("requests", requests.size());
        assertThat(simulation.alarms).as("seed %d", seed).isEmpty();
        simulation
                .nodes
                .tailMap(faulty + 1)
                .values()
                .forEach(node -> assertThat(node.reports)
                        .as("seed %d: what slot %d says", seed, node.slot)
                        .allMatch(r -> r.slot() <= faulty));
        assertThat(simulation.view().faults())
                .as("seed %d: what the board says", seed)
                .allMatch(f -> f.slot() <= faulty);
        simulation.view().faults().forEach(f -> count("board: " + f.fault()));
    }

    private Map<Integer, Dealers> adversary(Random random, int size, int faulty) {
        Map<Integer, Dealers> adversary = new HashMap<>();
        for (int slot = 1; slot <= faulty; slot++) {
            EvilDealers.Kind kind = EvilDealers.Kind.values()[random.nextInt(EvilDealers.Kind.values().length)];
            Set<InstanceKind> where = switch (random.nextInt(4)) {
                case 0 -> Set.of(InstanceKind.KEY_RANDOM, InstanceKind.KEY_UNMASK);
                case 1 -> Set.of(InstanceKind.PRESIGN_RANDOM);
                case 2 -> Set.of(InstanceKind.PRESIGN_PRODUCT);
                default -> Set.of(InstanceKind.values());
            };
            adversary.put(slot, new EvilDealers(kind, faulty + 1 + random.nextInt(size - faulty), where::contains));
            count(kind.name());
        }
        return adversary;
    }

    private void misbehave(Simulation simulation, int slot, int kind) {
        Simulation.Node node = simulation.nodes.get(slot);
        switch (kind) {
            case 0 -> {
                count("lies about signature shares");
                node.filter = effect -> Optional.of(
                        effect instanceof Effect.Broadcast(Message.SignatureShare share)
                                ? new Effect.Broadcast(new Message.SignatureShare(
                                        share.requestId(),
                                        share.attempt(),
                                        share.presignature(),
                                        new Message.ShareValues(
                                                share.values().nu(),
                                                share.values().nuMask(),
                                                share.values().mu().add(Scalar.ONE),
                                                share.values().muMask())))
                                : effect);
            }
            case 1 -> {
                count("never supports");
                node.filter = effect -> effect instanceof Effect.Send(int to, Message.Support support)
                        ? Optional.empty()
                        : Optional.of(effect);
            }
            case 2 -> {
                count("confirms and then is silent");
                node.filter = effect -> effect instanceof Effect.Broadcast ? Optional.empty() : Optional.of(effect);
            }
            case 3 -> {
                count("keeps ciphertexts back");
                node.filter = effect -> effect instanceof Effect.Send(int to, Message.DealingPush push)
                                        && to == simulation.nodes.lastKey()
                                || effect instanceof Effect.Submit(BoardTransaction.AnswerDemand answer)
                        ? Optional.empty()
                        : Optional.of(effect);
            }
            case 4 -> {
                count("equivocates");
                node.filter = new Equivocator(simulation, slot, simulation.nodes.lastKey());
            }
            default -> count("faulty dealings only");
        }
    }

    private void count(String what) {
        count(what, 1);
    }

    private void count(String what, int times) {
        covered.merge(what, times, Integer::sum);
    }
}
