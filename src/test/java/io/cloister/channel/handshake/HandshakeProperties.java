package io.cloister.channel.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeMessage.Abort;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HandshakeProperties {
    private static final List<Bytes> FRAMES = frames();

    private static List<Bytes> frames() {
        return new Rehearsal().run().wire().stream().map(Rehearsal.Sent::frame).toList();
    }

    /** All states in which a frame may come, for one role. */
    private static List<HandshakeState> waiting(Role role) {
        List<HandshakeState> states = new ArrayList<>();
        Handshake machine = machine(role);
        HandshakeState state =
                machine.step(Handshake.fresh(), new HandshakeInput.Opened()).state();
        states.add(state);
        Rehearsal rehearsal = new Rehearsal().run();
        for (Rehearsal.Sent sent : rehearsal.wire()) {
            if (sent.by() == role || state.isOver()) {
                continue;
            }
            Handshake.Transition next = machine.step(state, new HandshakeInput.Frame(sent.frame()));
            while (next.effects().stream().anyMatch(HandshakeProperties::needsAnswer)) {
                next = machine.step(next.state(), answer(role, next));
            }
            state = next.state();
            if (!state.isOver()) {
                states.add(state);
            }
        }
        return states;
    }

    private static boolean needsAnswer(HandshakeEffect effect) {
        return effect instanceof HandshakeEffect.Attest || effect instanceof HandshakeEffect.Judge;
    }

    private static HandshakeInput answer(Role role, Handshake.Transition transition) {
        Peers.Node node = role == Role.INITIATOR ? Peers.INITIATOR : Peers.RESPONDER;
        return transition.state() instanceof HandshakeState.Attesting attesting
                ? new HandshakeInput.Attested(node.prove(attesting.leaf()))
                : new HandshakeInput.Judged(Peers.accepted(), BootFence.Standing.CURRENT);
    }

    private static Handshake machine(Role role) {
        return new Handshake(Peers.parameters(role), Peers.binding(role, "connection 1"));
    }

    @Provide
    Arbitrary<Bytes> noise() {
        Arbitrary<Bytes> any =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Bytes::of);
        Arbitrary<Bytes> typed = Arbitraries.integers()
                .between(0, 24)
                .flatMap(type -> any.map(rest -> Bytes.concat(Bytes.of(type.byteValue()), rest)));
        return Arbitraries.oneOf(any, typed);
    }

    @Property(tries = 400)
    void anyFrameEitherBelongsOrEndsTheHandshakeWithAnAbort(
            @ForAll("noise") Bytes frame, @ForAll Role role, @ForAll @IntRange(max = 2) int at) {
        List<HandshakeState> states = waiting(role);
        assertThat(states).hasSize(3);

        Handshake.Transition next = machine(role).step(states.get(at), new HandshakeInput.Frame(frame));

        assertThat(next.state()).isInstanceOf(HandshakeState.Failed.class);
        assertThat(next.effects()).anyMatch(HandshakeEffect.Refuse.class::isInstance);
    }

    @Property(tries = 200)
    void truncatedFramesAreMalformed(
            @ForAll @IntRange(max = 5) int index, @ForAll @IntRange(min = 1, max = 4000) int cut) {
        Bytes frame = FRAMES.get(index);
        Bytes shorter = frame.slice(0, Math.max(0, frame.length() - cut));

        Rehearsal rehearsal = new Rehearsal()
                .between(sent -> sent.index() == index ? new Rehearsal.Sent(index, sent.by(), shorter) : sent)
                .run();

        Role reader = rehearsal.wire().get(index).by().other();
        assertThat(rehearsal.refusal(reader)).contains(Refusal.MALFORMED_FRAME);
    }

    @Property(tries = 60)
    void lengthenedFramesAreMalformedOrOversize(
            @ForAll @IntRange(max = 5) int index, @ForAll @IntRange(min = 1, max = 100_000) int more) {
        Rehearsal rehearsal = new Rehearsal()
                .between(sent -> sent.index() == index
                        ? new Rehearsal.Sent(index, sent.by(), Bytes.concat(sent.frame(), Bytes.zeros(more)))
                        : sent)
                .run();

        Role reader = rehearsal.wire().get(index).by().other();
        boolean oversize = rehearsal.wire().get(index).frame().length() > HandshakeMessage.MAX_FRAME;
        assertThat(rehearsal.refusal(reader)).contains(oversize ? Refusal.OVERSIZE_FRAME : Refusal.MALFORMED_FRAME);
    }

    @Property(tries = 300)
    void noFrameCanBeChangedUnnoticed(
            @ForAll @IntRange(max = 5) int index,
            @ForAll @IntRange(max = 100_000) int where,
            @ForAll @IntRange(max = 7) int bit) {
        Rehearsal rehearsal = new Rehearsal()
                .between(sent -> sent.index() == index ? flipped(sent, where, bit) : sent)
                .run();

        boolean both = rehearsal.session(Role.INITIATOR).isPresent()
                && rehearsal.session(Role.RESPONDER).isPresent();
        assertThat(both).isFalse();
    }

    private static Rehearsal.Sent flipped(Rehearsal.Sent sent, int where, int bit) {
        byte[] raw = sent.frame().toArray();
        raw[where % raw.length] ^= (byte) (1 << bit);
        return new Rehearsal.Sent(sent.index(), sent.by(), Bytes.wrap(raw));
    }

    @Property(tries = 100)
    void genuineFramesInAnotherOrderNeverVerifyAnyone(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 5) Integer> order, @ForAll Role role) {
        Handshake machine = machine(role);
        HandshakeState state =
                machine.step(Handshake.fresh(), new HandshakeInput.Opened()).state();
        List<Integer> right = role == Role.INITIATOR ? List.of(1, 3, 4) : List.of(0, 2, 5);
        int steps = 0;
        for (int index : order) {
            if (state.isOver()) {
                break;
            }
            boolean fits = index == right.get(steps++);
            Handshake.Transition next = machine.step(state, new HandshakeInput.Frame(FRAMES.get(index)));
            while (next.effects().stream().anyMatch(HandshakeProperties::needsAnswer)) {
                next = machine.step(next.state(), answer(role, next));
            }
            state = next.state();
            if (!fits) {
                assertThat(state).isInstanceOf(HandshakeState.Failed.class);
            }
        }
    }

    @Property(tries = 500)
    void everyReadableFrameIsItsOwnOnlyEncoding(@ForAll("noise") Bytes frame) {
        HandshakeMessage read;
        try {
            read = HandshakeMessage.decode(frame);
        } catch (CodecException refused) {
            return;
        }
        assertThat(read.encode()).isEqualTo(frame);
    }

    @Property(tries = 30)
    void everyAbortCodeIsReadBack(@ForAll AbortCode code) {
        assertThat(HandshakeMessage.decode(new Abort(code).encode())).isEqualTo(new Abort(code));
        assertThat(AbortCode.of(code.code())).isEqualTo(code);
    }
}
