package io.cloister.mpc.protocol;

import io.cloister.mpc.board.Instance;
import io.cloister.mpc.board.TestLedger;
import io.cloister.mpc.dealing.Dealer;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Shows a victim other first-wave dealings than everybody else, each with a good signature. */
final class Equivocator implements Function<Effect, Optional<Effect>> {
    private final Simulation simulation;
    private final int slot;
    private final int victim;
    private final Map<Long, Dealing> others = new HashMap<>();

    Equivocator(Simulation simulation, int slot, int victim) {
        this.simulation = simulation;
        this.slot = slot;
        this.victim = victim;
    }

    @Override
    public Optional<Effect> apply(Effect effect) {
        return Optional.of(
                other(effect).<Effect>map(push -> new Effect.Send(victim, push)).orElse(effect));
    }

    /** What the victim is shown instead; empty for all other effects. */
    Optional<Message.DealingPush> other(Effect effect) {
        if (!(effect instanceof Effect.Send(int to, Message.DealingPush push))
                || to != victim
                || push.dealer() != slot
                || push.support().isEmpty()) {
            return Optional.empty();
        }
        // Second waves need the dealer's own shares; the first ones are enough to equivocate.
        return simulation
                .view()
                .instance(push.instance())
                .filter(i -> !i.kind().interpolated())
                .map(instance -> push(instance));
    }

    private Message.DealingPush push(Instance instance) {
        DealingContext context = instance.context(TestLedger.CHAIN);
        Dealing dealing = others.computeIfAbsent(instance.number(), i -> new Dealer(context, slot).random());
        return new Message.DealingPush(
                instance.number(),
                slot,
                dealing.id(),
                Optional.of(simulation.nodes.get(slot).vote.sign(context.supportDigest(slot, dealing.id()))),
                context.kind().isKey() ? dealing.wholePacket() : dealing.packetFor(victim));
    }
}
