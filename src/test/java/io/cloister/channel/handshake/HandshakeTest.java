package io.cloister.channel.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeMessage.Abort;
import io.cloister.channel.handshake.HandshakeMessage.Finish;
import io.cloister.channel.handshake.HandshakeMessage.Hello;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeTest {
    @Test
    void verifiesBothEndsInSixFrames() {
        Rehearsal rehearsal = new Rehearsal().run();

        Session first = rehearsal.session(Role.INITIATOR).orElseThrow();
        Session second = rehearsal.session(Role.RESPONDER).orElseThrow();
        assertThat(first.transcript()).isEqualTo(second.transcript());
        assertThat(first.exporter()).isEqualTo(second.exporter());
        assertThat(first.peerKeys()).isEqualTo(Peers.RESPONDER.keys());
        assertThat(second.peerKeys()).isEqualTo(Peers.INITIATOR.keys());
        assertThat(rehearsal.wire())
                .extracting(Rehearsal.Sent::by)
                .containsExactly(
                        Role.INITIATOR, Role.RESPONDER, Role.INITIATOR, Role.RESPONDER, Role.RESPONDER, Role.INITIATOR);
        assertThat(rehearsal.wire())
                .extracting(
                        sent -> HandshakeMessage.decode(sent.frame()).getClass().getSimpleName())
                .containsExactly("Hello", "Hello", "Proof", "Proof", "Finish", "Finish");
    }

    @Test
    void responderMakesNoReportBeforeItHasJudgedTheInitiator() {
        List<String> events = new Rehearsal().run().events();

        assertThat(events.indexOf("INITIATOR Attest")).isLessThan(events.indexOf("RESPONDER Judge"));
        assertThat(events.indexOf("RESPONDER Judge")).isLessThan(events.indexOf("RESPONDER Attest"));
    }

    @Test
    void leavesBindConnectionRoleKeysNodesAndTranscript() {
        List<Leaf> leaves = new ArrayList<>();
        Rehearsal rehearsal = new Rehearsal();
        for (Role role : Role.values()) {
            rehearsal.proving(role, (leaf, proof) -> {
                leaves.add(leaf);
                return proof;
            });
        }
        rehearsal.run();
        List<Bytes> frames =
                rehearsal.wire().stream().map(Rehearsal.Sent::frame).toList();
        Bytes exporter = rehearsal.session(Role.INITIATOR).orElseThrow().exporter();

        Bytes hellos = transcript(frames.subList(0, 2));
        Bytes label = Bytes.utf8("EXPORTER-cloister-channel-binding-v1");
        assertThat(exporter).isEqualTo(Hashes.hkdfSha256(Bytes.utf8("connection 1"), hellos, label, 32));
        assertThat(leaves)
                .containsExactly(
                        new Leaf(
                                Purpose.PEER_CHANNEL,
                                List.of(
                                        exporter,
                                        Bytes.utf8("initiator"),
                                        Peers.INITIATOR.spki(),
                                        Peers.RESPONDER.spki(),
                                        Peers.INITIATOR.id(),
                                        Peers.RESPONDER.id(),
                                        hellos)),
                        new Leaf(
                                Purpose.PEER_CHANNEL,
                                List.of(
                                        exporter,
                                        Bytes.utf8("responder"),
                                        Peers.RESPONDER.spki(),
                                        Peers.INITIATOR.spki(),
                                        Peers.RESPONDER.id(),
                                        Peers.INITIATOR.id(),
                                        transcript(frames.subList(0, 3)))));
    }

    private static Bytes transcript(List<Bytes> frames) {
        Bytes label = Bytes.utf8("cloister/channel/transcript/v1");
        Bytes hash = Hashes.sha256(label);
        for (Bytes frame : frames) {
            int length = frame.length();
            Bytes prefix = Bytes.of((byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length);
            hash = Hashes.sha256(label, hash, prefix, frame);
        }
        return hash;
    }

    static Stream<Arguments> hellos() {
        return Stream.of(
                Arguments.of(Refusal.WRONG_CHAIN, hello(own -> own.chain("other-1"))),
                Arguments.of(Refusal.WRONG_GENESIS, hello(own -> own.genesis(Bytes.zeros(32)))),
                Arguments.of(Refusal.WRONG_POLICY, hello(own -> own.policy(Bytes.zeros(32)))),
                Arguments.of(Refusal.UNSUPPORTED_VERSION, hello(own -> own.versions(List.of(9)))),
                Arguments.of(Refusal.UNKNOWN_NODE, hello(own -> own.node(Peers.STRANGER.id()))));
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void responderRefusesBeforeAnyReport(Refusal reason, HelloChange change) {
        Rehearsal rehearsal =
                new Rehearsal().with(Role.INITIATOR, change::apply).run();

        assertThat(rehearsal.refusal(Role.RESPONDER)).contains(reason);
        assertThat(rehearsal.refusal(Role.INITIATOR)).contains(Refusal.REFUSED_BY_PEER);
        assertThat(rehearsal.events()).noneMatch(event -> event.endsWith("Attest") || event.endsWith("Judge"));
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void initiatorRefusesBeforeAnyReport(Refusal reason, HelloChange change) {
        Rehearsal rehearsal = new Rehearsal();
        rehearsal.between(sent -> {
            if (sent.index() != 1) {
                return sent;
            }
            HandshakeParameters told = change.apply(Peers.parameters(Role.RESPONDER));
            return new Rehearsal.Sent(
                    1, Role.RESPONDER, told.hello(told.versions()).encode());
        });
        rehearsal.run();

        assertThat(rehearsal.refusal(Role.INITIATOR)).contains(reason);
        assertThat(rehearsal.events()).noneMatch(event -> event.endsWith("Attest") || event.endsWith("Judge"));
    }

    @Test
    void refusesNodeThatMisbehavedTooOften() {
        Rehearsal rehearsal = new Rehearsal()
                .with(
                        Role.RESPONDER,
                        own -> new HandshakeParameters(
                                own.role(),
                                own.versions(),
                                own.chainId(),
                                own.policyDigest(),
                                own.genesisDigest(),
                                own.nodeId(),
                                own.nonce(),
                                own.acceptable(),
                                own.acceptable()))
                .run();

        assertThat(rehearsal.refusal(Role.RESPONDER)).contains(Refusal.LOW_SCORE);
    }

    @Test
    void refusesTheLargerNodeIdAsInitiator() {
        HandshakeParameters own = Peers.parameters(Role.RESPONDER);
        Handshake machine = new Handshake(own, Peers.binding(Role.RESPONDER, "c"));
        HandshakeState waiting =
                machine.step(Handshake.fresh(), new HandshakeInput.Opened()).state();
        Handshake strict = new Handshake(
                new HandshakeParameters(
                        Role.RESPONDER,
                        own.versions(),
                        own.chainId(),
                        own.policyDigest(),
                        own.genesisDigest(),
                        own.nodeId(),
                        own.nonce(),
                        Set.of(Peers.STRANGER.id()),
                        Set.of()),
                Peers.binding(Role.RESPONDER, "c"));
        Hello hello =
                new Hello(List.of(1), Peers.CHAIN, Peers.POLICY, Peers.GENESIS, Peers.STRANGER.id(), Bytes.zeros(32));

        assertFailed(strict.step(waiting, new HandshakeInput.Frame(hello.encode())), Refusal.WRONG_DIRECTION);
    }

    @Test
    void refusesItsOwnNonce() {
        Rehearsal rehearsal = new Rehearsal()
                .with(
                        Role.RESPONDER,
                        own -> HelloChange.of(own)
                                .nonce(Peers.parameters(Role.INITIATOR).nonce())
                                .parameters())
                .run();

        assertThat(rehearsal.refusal(Role.RESPONDER)).contains(Refusal.REFLECTED_NONCE);
    }

    @Test
    void choosesTheHighestCommonVersion() {
        Rehearsal rehearsal = new Rehearsal()
                .with(
                        Role.INITIATOR,
                        own -> HelloChange.of(own).versions(List.of(7, 3, 1)).parameters())
                .with(
                        Role.RESPONDER,
                        own -> HelloChange.of(own).versions(List.of(3, 2, 1)).parameters())
                .run();

        Hello answer = (Hello) HandshakeMessage.decode(rehearsal.wire().get(1).frame());
        assertThat(answer.versions()).containsExactly(3);
        assertThat(rehearsal.session(Role.INITIATOR)).isPresent();
    }

    @Test
    void refusesAVersionThatWasNotOffered() {
        Rehearsal rehearsal = new Rehearsal()
                .with(
                        Role.INITIATOR,
                        own -> HelloChange.of(own).versions(List.of(2)).parameters())
                .with(
                        Role.RESPONDER,
                        own -> HelloChange.of(own).versions(List.of(2, 1)).parameters())
                .between(sent -> {
                    if (sent.index() != 1) {
                        return sent;
                    }
                    HandshakeParameters own = Peers.parameters(Role.RESPONDER);
                    return new Rehearsal.Sent(
                            1, sent.by(), own.hello(List.of(1)).encode());
                })
                .run();

        assertThat(rehearsal.refusal(Role.INITIATOR)).contains(Refusal.UNSUPPORTED_VERSION);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void refusesEvidenceRecordedOnAnotherConnection(Role role) {
        List<Proof> recorded = new ArrayList<>();
        new Rehearsal("connection 1")
                .proving(role, (leaf, proof) -> {
                    recorded.add(proof);
                    return proof;
                })
                .run();

        Rehearsal replay = new Rehearsal("connection 2")
                .between(replacing(role, recorded.getFirst()))
                .run();

        assertThat(replay.refusal(role.other())).contains(Refusal.WRONG_CHANNEL);
        assertThat(replay.session(role.other())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void refusesRestEvidenceAsChannelEvidence(Role role) {
        Peers.Node node = role == Role.INITIATOR ? Peers.INITIATOR : Peers.RESPONDER;
        Proof rest = node.prove(Leaf.restNonce(Bytes.zeros(32), node.spki()));

        Rehearsal rehearsal = new Rehearsal().between(replacing(role, rest)).run();

        assertThat(rehearsal.refusal(role.other())).contains(Refusal.WRONG_PURPOSE);
    }

    static Stream<Arguments> leafFields() {
        return Stream.of(
                Arguments.of(0, Refusal.WRONG_CHANNEL),
                Arguments.of(1, Refusal.WRONG_ROLE),
                Arguments.of(2, Refusal.WRONG_CHANNEL),
                Arguments.of(3, Refusal.WRONG_CHANNEL),
                Arguments.of(4, Refusal.WRONG_NODE),
                Arguments.of(5, Refusal.WRONG_NODE),
                Arguments.of(6, Refusal.WRONG_CHANNEL));
    }

    @ParameterizedTest
    @MethodSource("leafFields")
    void refusesALeafThatDiffersInAnyField(int field, Refusal reason) {
        for (Role role : Role.values()) {
            Peers.Node node = role == Role.INITIATOR ? Peers.INITIATOR : Peers.RESPONDER;
            Rehearsal rehearsal = new Rehearsal();
            rehearsal.between(sent -> {
                if (sent.by() != role || !(HandshakeMessage.decode(sent.frame()) instanceof Proof proof)) {
                    return sent;
                }
                List<Bytes> fields = new ArrayList<>(proof.evidence().leaf().fields());
                Bytes other = fields.get(field);
                int last = other.length() - 1;
                fields.set(field, Bytes.concat(other.slice(0, last), Bytes.of((byte) ~other.at(last))));
                Proof changed = node.prove(new Leaf(Purpose.PEER_CHANNEL, fields));
                return new Rehearsal.Sent(sent.index(), role, changed.encode());
            });
            rehearsal.run();

            assertThat(rehearsal.refusal(role.other())).contains(reason);
            assertThat(rehearsal.session(role.other())).isEmpty();
        }
    }

    @Test
    void refusesALeafWithAFieldMore() {
        Rehearsal rehearsal = new Rehearsal();
        rehearsal.between(sent -> {
            if (!(HandshakeMessage.decode(sent.frame()) instanceof Proof proof) || sent.by() != Role.INITIATOR) {
                return sent;
            }
            List<Bytes> fields = new ArrayList<>(proof.evidence().leaf().fields());
            fields.add(Bytes.EMPTY);
            Proof changed = Peers.INITIATOR.prove(new Leaf(Purpose.PEER_CHANNEL, fields));
            return new Rehearsal.Sent(sent.index(), sent.by(), changed.encode());
        });

        assertThat(rehearsal.run().refusal(Role.RESPONDER)).contains(Refusal.WRONG_CHANNEL);
    }

    static Stream<Arguments> keySets() {
        BootKeySet own = Peers.INITIATOR.keys();
        return Stream.of(
                Arguments.of("chain", keys("other", own.nodeId(), own.tlsSpki())),
                Arguments.of("node", keys(own.chainId(), Peers.STRANGER.id(), own.tlsSpki())),
                Arguments.of("certificate", keys(own.chainId(), own.nodeId(), Bytes.zeros(32))));
    }

    private static BootKeySet keys(String chain, Bytes node, Bytes spki) {
        return new BootKeySet(chain, node, 1, spki, node, node, Bytes.zeros(32), node);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keySets")
    void refusesBootKeysThatDoNotFitTheConnection(String what, BootKeySet keys) {
        Rehearsal rehearsal = new Rehearsal()
                .proving(Role.INITIATOR, (leaf, proof) -> Peers.INITIATOR.prove(leaf, keys))
                .run();

        assertThat(rehearsal.refusal(Role.RESPONDER)).contains(Refusal.WRONG_KEYS);
    }

    @Test
    void refusesALeafSignedByAnotherSlotKey() {
        Rehearsal rehearsal = new Rehearsal()
                .proving(
                        Role.INITIATOR,
                        (leaf, proof) -> new Proof(
                                proof.evidence(), Peers.STRANGER.slot().sign(ChannelLeaf.signingDigest(leaf))))
                .run();

        assertThat(rehearsal.refusal(Role.RESPONDER)).contains(Refusal.BAD_SIGNATURE);
        assertThat(rehearsal.events()).doesNotContain("RESPONDER Judge");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void refusesEvidenceThatTheVerifierRejects(Role judge) {
        Rehearsal rehearsal = new Rehearsal()
                .judging(judge, Peers.verdict(false, Grade.D), BootFence.Standing.CURRENT)
                .run();

        assertThat(rehearsal.refusal(judge)).contains(Refusal.EVIDENCE_REJECTED);
        assertThat(rehearsal.session(judge)).isEmpty();
        assertThat(rehearsal.session(judge.other())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void refusesOlderAndClonedBoots(Role judge) {
        Rehearsal stale = new Rehearsal()
                .judging(judge, Peers.accepted(), BootFence.Standing.STALE)
                .run();
        assertThat(stale.refusal(judge)).contains(Refusal.STALE_BOOT);
        assertThat(stale.refusal(judge.other())).contains(Refusal.OWN_BOOT_STALE);
        Rehearsal cloned = new Rehearsal()
                .judging(judge, Peers.accepted(), BootFence.Standing.CLONED)
                .run();
        assertThat(cloned.refusal(judge)).contains(Refusal.CLONED_BOOT);
        assertThat(cloned.refusal(judge.other())).contains(Refusal.OWN_BOOT_STALE);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void refusesAWrongFinishCode(Role by) {
        Rehearsal rehearsal = new Rehearsal()
                .between(sent -> sent.by() == by && HandshakeMessage.decode(sent.frame()) instanceof Finish
                        ? new Rehearsal.Sent(sent.index(), by, new Finish(Bytes.zeros(32)).encode())
                        : sent)
                .run();

        assertThat(rehearsal.refusal(by.other())).contains(Refusal.BAD_FINISH);
        assertThat(rehearsal.session(by.other())).isEmpty();
    }

    @Test
    void refusesTheResponderWhenTheExportersDiffer() {
        Rehearsal rehearsal = new Rehearsal()
                .bound(Role.RESPONDER, Peers.binding(Role.RESPONDER, "a relay's second connection"))
                .run();

        assertThat(rehearsal.refusal(Role.RESPONDER)).contains(Refusal.WRONG_CHANNEL);
    }

    @Test
    void abortFramesHoldOneByteAndNoText() {
        Rehearsal rehearsal = new Rehearsal()
                .judging(Role.RESPONDER, Peers.verdict(false, Grade.D), BootFence.Standing.CURRENT)
                .run();

        Bytes last = rehearsal.wire().getLast().frame();
        assertThat(last).isEqualTo(new Abort(AbortCode.BAD_EVIDENCE).encode());
        assertThat(last.length()).isEqualTo(2);
    }

    @Test
    void endsWhenItsOwnEvidenceCannotBeMade() {
        Handshake machine = new Handshake(Peers.parameters(Role.INITIATOR), Peers.binding(Role.INITIATOR, "c"));
        HandshakeState state =
                machine.step(Handshake.fresh(), new HandshakeInput.Opened()).state();
        Bytes hello = Peers.parameters(Role.RESPONDER).hello(List.of(1)).encode();
        state = machine.step(state, new HandshakeInput.Frame(hello)).state();

        assertFailed(machine.step(state, new HandshakeInput.NotAttested("throttled")), Refusal.NO_OWN_EVIDENCE);
    }

    @Test
    void doesNotSendEvidenceThatWasMadeForAnotherLeaf() {
        Rehearsal rehearsal = new Rehearsal()
                .proving(
                        Role.INITIATOR,
                        (leaf, proof) -> Peers.INITIATOR.prove(Leaf.restNonce(Bytes.zeros(32), Peers.INITIATOR.spki())))
                .run();

        assertThat(rehearsal.refusal(Role.INITIATOR)).contains(Refusal.NO_OWN_EVIDENCE);
        assertThat(rehearsal.wire()).noneMatch(sent -> HandshakeMessage.decode(sent.frame()) instanceof Proof);
    }

    @Test
    void expiresInEveryUnfinishedState() {
        List<HandshakeState> states = new ArrayList<>();
        Handshake machine = new Handshake(Peers.parameters(Role.INITIATOR), Peers.binding(Role.INITIATOR, "c"));
        HandshakeState state = Handshake.fresh();
        states.add(state);
        state = machine.step(state, new HandshakeInput.Opened()).state();
        states.add(state);
        Bytes hello = Peers.parameters(Role.RESPONDER).hello(List.of(1)).encode();
        state = machine.step(state, new HandshakeInput.Frame(hello)).state();
        states.add(state);
        Leaf leaf = ((HandshakeState.Attesting) state).leaf();
        state = machine.step(state, new HandshakeInput.Attested(Peers.INITIATOR.prove(leaf)))
                .state();
        states.add(state);

        assertThat(states)
                .allSatisfy(unfinished ->
                        assertFailed(machine.step(unfinished, new HandshakeInput.Expired()), Refusal.TIMEOUT));
    }

    @Test
    void doesNothingMoreOnceItIsOver() {
        Rehearsal rehearsal = new Rehearsal().run();
        Handshake machine = new Handshake(Peers.parameters(Role.RESPONDER), Peers.binding(Role.RESPONDER, "c"));

        Handshake.Transition next =
                machine.step(rehearsal.state(Role.RESPONDER), new HandshakeInput.Frame(Bytes.zeros(9)));

        assertThat(next.state()).isEqualTo(rehearsal.state(Role.RESPONDER));
        assertThat(next.effects()).isEmpty();
    }

    @Test
    void answersThatNobodyAskedForAreTheAdaptersFault() {
        Handshake machine = new Handshake(Peers.parameters(Role.RESPONDER), Peers.binding(Role.RESPONDER, "c"));
        HandshakeInput.Judged early = new HandshakeInput.Judged(Peers.accepted(), BootFence.Standing.CURRENT);

        assertThatThrownBy(() -> machine.step(Handshake.fresh(), early)).isInstanceOf(IllegalStateException.class);
    }

    private static UnaryOperator<Rehearsal.Sent> replacing(Role role, Proof proof) {
        return sent -> sent.by() == role && HandshakeMessage.decode(sent.frame()) instanceof Proof
                ? new Rehearsal.Sent(sent.index(), role, proof.encode())
                : sent;
    }

    private static void assertFailed(Handshake.Transition transition, Refusal reason) {
        assertThat(transition.state()).isEqualTo(new HandshakeState.Failed(reason));
        assertThat(transition.effects())
                .first()
                .isEqualTo(new HandshakeEffect.Send(new Abort(AbortCode.of(reason)).encode()));
    }

    private static HelloChange hello(UnaryOperator<HelloChange.Editor> change) {
        return new HelloChange(change);
    }
}
