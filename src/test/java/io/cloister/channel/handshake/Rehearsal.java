package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Verdict;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.codec.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Runs two handshake machines against each other; a test changes what one of them says, hears or is told. */
final class Rehearsal {
    /** One frame on its way: the how-manieth in all, from 0, who sent it, and the bytes. */
    record Sent(int index, Role by, Bytes frame) {}

    private final Map<Role, HandshakeParameters> parameters = new EnumMap<>(Role.class);
    private final Map<Role, ChannelBinding> bindings = new EnumMap<>(Role.class);
    private final Map<Role, HandshakeState> states = new EnumMap<>(Role.class);
    private final Map<Role, Deque<Bytes>> inbound = new EnumMap<>(Role.class);
    private final Map<Role, Integer> permits = new EnumMap<>(Role.class);
    private final Map<Role, Verdict> verdicts = new EnumMap<>(Role.class);
    private final Map<Role, BootFence.Standing> fences = new EnumMap<>(Role.class);
    private final Map<Role, BiFunction<Leaf, Proof, Proof>> provers = new EnumMap<>(Role.class);
    private final Map<Role, Refusal> refusals = new EnumMap<>(Role.class);
    private final List<Sent> wire = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private UnaryOperator<Sent> middle = UnaryOperator.identity();

    Rehearsal() {
        this("connection 1");
    }

    Rehearsal(String connection) {
        for (Role role : Role.values()) {
            parameters.put(role, Peers.parameters(role));
            bindings.put(role, Peers.binding(role, connection));
            states.put(role, Handshake.fresh());
            inbound.put(role, new ArrayDeque<>());
            permits.put(role, 0);
            verdicts.put(role, Peers.accepted());
            fences.put(role, BootFence.Standing.CURRENT);
            provers.put(role, (leaf, proof) -> proof);
        }
    }

    Rehearsal with(Role role, UnaryOperator<HandshakeParameters> change) {
        parameters.compute(role, (ignored, given) -> change.apply(given));
        return this;
    }

    Rehearsal bound(Role role, ChannelBinding binding) {
        bindings.put(role, binding);
        return this;
    }

    /** What this end's verifier will say of the other. */
    Rehearsal judging(Role role, Verdict verdict, BootFence.Standing fence) {
        verdicts.put(role, verdict);
        fences.put(role, fence);
        return this;
    }

    /** Changes the evidence that this end makes. */
    Rehearsal proving(Role role, BiFunction<Leaf, Proof, Proof> change) {
        provers.put(role, change);
        return this;
    }

    /** Changes frames on the way. */
    Rehearsal between(UnaryOperator<Sent> change) {
        middle = change;
        return this;
    }

    Rehearsal run() {
        for (Role role : Role.values()) {
            step(role, new HandshakeInput.Opened());
        }
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Role role : Role.values()) {
                if (permits.get(role) > 0 && !inbound.get(role).isEmpty()) {
                    permits.merge(role, -1, Integer::sum);
                    step(role, new HandshakeInput.Frame(inbound.get(role).remove()));
                    moved = true;
                }
            }
        }
        return this;
    }

    HandshakeState state(Role role) {
        return states.get(role);
    }

    Optional<Session> session(Role role) {
        return states.get(role) instanceof HandshakeState.Established done
                ? Optional.of(done.session())
                : Optional.empty();
    }

    Optional<Refusal> refusal(Role role) {
        return Optional.ofNullable(refusals.get(role));
    }

    List<Sent> wire() {
        return List.copyOf(wire);
    }

    List<String> events() {
        return List.copyOf(events);
    }

    private void step(Role role, HandshakeInput input) {
        Handshake machine = new Handshake(parameters.get(role), bindings.get(role));
        Handshake.Transition next = machine.step(states.get(role), input);
        states.put(role, next.state());
        next.effects().forEach(effect -> perform(role, effect));
    }

    private void perform(Role role, HandshakeEffect effect) {
        events.add(role + " " + effect.getClass().getSimpleName());
        switch (effect) {
            case HandshakeEffect.Send send -> {
                Sent sent = middle.apply(new Sent(wire.size(), role, send.frame()));
                wire.add(sent);
                inbound.get(role.other()).add(sent.frame());
            }
            case HandshakeEffect.Receive ignored -> permits.merge(role, 1, Integer::sum);
            case HandshakeEffect.Attest attest -> {
                Peers.Node node = role == Role.INITIATOR ? Peers.INITIATOR : Peers.RESPONDER;
                Proof proof = node.prove(attest.leaf());
                step(role, new HandshakeInput.Attested(provers.get(role).apply(attest.leaf(), proof)));
            }
            case HandshakeEffect.Judge ignored ->
                step(role, new HandshakeInput.Judged(verdicts.get(role), fences.get(role)));
            case HandshakeEffect.Complete ignored -> {}
            case HandshakeEffect.Refuse refuse -> refusals.put(role, refuse.reason());
        }
    }

    /** The keys of the node in a role. */
    static BootKeySet keys(Role role) {
        return (role == Role.INITIATOR ? Peers.INITIATOR : Peers.RESPONDER).keys();
    }
}
