package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.channel.Refusal;
import io.cloister.channel.handshake.HandshakeEffect.Attest;
import io.cloister.channel.handshake.HandshakeEffect.Complete;
import io.cloister.channel.handshake.HandshakeEffect.Judge;
import io.cloister.channel.handshake.HandshakeEffect.Receive;
import io.cloister.channel.handshake.HandshakeEffect.Refuse;
import io.cloister.channel.handshake.HandshakeEffect.Send;
import io.cloister.channel.handshake.HandshakeMessage.Abort;
import io.cloister.channel.handshake.HandshakeMessage.Finish;
import io.cloister.channel.handshake.HandshakeMessage.Hello;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.channel.handshake.HandshakeState.Agreed;
import io.cloister.channel.handshake.HandshakeState.Attesting;
import io.cloister.channel.handshake.HandshakeState.AwaitFinish;
import io.cloister.channel.handshake.HandshakeState.AwaitHello;
import io.cloister.channel.handshake.HandshakeState.AwaitProof;
import io.cloister.channel.handshake.HandshakeState.Established;
import io.cloister.channel.handshake.HandshakeState.Failed;
import io.cloister.channel.handshake.HandshakeState.Fresh;
import io.cloister.channel.handshake.HandshakeState.Judging;
import io.cloister.channel.handshake.HandshakeState.Verified;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SecretBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One end of the attested handshake inside a TLS 1.3 connection, after the shape of EKEP: hello both ways, the
 * initiator's evidence, the responder's evidence, finish both ways. Six frames in all, three in each direction, in one
 * fixed order; anything else ends it. Stateless apart from its parameters: the state is passed in and handed back.
 */
public final class Handshake {
    /** The exporter whose value stands in the leaves. (H5) */
    static final String BINDING_LABEL = "EXPORTER-cloister-channel-binding-v1";

    private static final int EXPORT_BYTES = 32;

    /** A state and what to do on the way to it. */
    public record Transition(HandshakeState state, List<HandshakeEffect> effects) {
        static Transition to(HandshakeState state, HandshakeEffect... effects) {
            return new Transition(state, List.of(effects));
        }
    }

    private final HandshakeParameters own;
    private final ChannelBinding binding;
    private final PeerProof proofs;

    public Handshake(HandshakeParameters parameters, ChannelBinding binding) {
        this.own = parameters;
        this.binding = binding;
        this.proofs = new PeerProof(parameters, binding);
    }

    /** The state to begin with. */
    public static HandshakeState fresh() {
        return new Fresh();
    }

    /** Takes one input. Never throws for anything that a peer can send. */
    public Transition step(HandshakeState state, HandshakeInput input) {
        if (state.isOver()) {
            return Transition.to(state);
        }
        return switch (input) {
            case HandshakeInput.Opened ignored when state instanceof Fresh -> open();
            case HandshakeInput.Frame frame -> receive(state, frame.bytes());
            case HandshakeInput.Attested made
            when state instanceof Attesting attesting -> attested(attesting, made.proof());
            case HandshakeInput.Judged judged when state instanceof Judging judging -> judged(judging, judged);
            case HandshakeInput.NotAttested failed -> refuse(Refusal.NO_OWN_EVIDENCE, failed.cause());
            case HandshakeInput.NotJudged failed -> refuse(Refusal.INTERNAL, failed.cause());
            case HandshakeInput.Expired ignored -> refuse(Refusal.TIMEOUT, "in " + name(state)); // H14
            case HandshakeInput.Opened ignored -> throw misuse(state, input);
            case HandshakeInput.Attested ignored -> throw misuse(state, input);
            case HandshakeInput.Judged ignored -> throw misuse(state, input);
        };
    }

    private Transition open() {
        if (own.role() == Role.RESPONDER) {
            return Transition.to(new AwaitHello(Transcript.empty()), new Receive());
        }
        Bytes hello = own.hello(own.versions()).encode();
        return Transition.to(new AwaitHello(Transcript.empty().with(hello)), new Send(hello), new Receive());
    }

    private Transition receive(HandshakeState state, Bytes frame) {
        if (frame.length() > HandshakeMessage.MAX_FRAME) {
            return refuse(Refusal.OVERSIZE_FRAME, frame.length() + " bytes in " + name(state)); // H2
        }
        HandshakeMessage message;
        try {
            message = HandshakeMessage.decode(frame);
        } catch (CodecException e) {
            return refuse(Refusal.MALFORMED_FRAME, e.reason() + " in " + name(state) + ": " + e.getMessage());
        }
        return switch (message) {
            case Abort(AbortCode code) ->
                abandon(
                        code == AbortCode.STALE_BOOT ? Refusal.OWN_BOOT_STALE : Refusal.REFUSED_BY_PEER,
                        code.name() + " in " + name(state));
            case Hello hello when state instanceof AwaitHello waiting -> hello(waiting, hello, frame);
            case Proof proof when state instanceof AwaitProof waiting -> proof(waiting.agreed(), proof, frame);
            case Finish finish when state instanceof AwaitFinish waiting -> finish(waiting, finish, frame);
            default ->
                refuse(Refusal.UNEXPECTED_FRAME, message.getClass().getSimpleName() + " in " + name(state)); // H3
        };
    }

    private Transition hello(AwaitHello state, Hello hello, Bytes frame) {
        Optional<Refusal> refusal = HelloCheck.refusal(own, hello);
        if (refusal.isPresent()) {
            return refuse(refusal.get(), "hello from " + hello.nodeId().toHex());
        }
        Transcript heard = state.transcript().with(frame);
        if (own.role() == Role.INITIATOR) {
            Agreed agreed = agree(hello.nodeId(), heard);
            Leaf leaf = ownLeaf(agreed);
            return Transition.to(new Attesting(agreed, leaf, Optional.empty()), new Attest(leaf)); // H7
        }
        int version = HelloCheck.choose(own, hello).orElseThrow();
        Bytes answer = own.hello(List.of(version)).encode();
        Agreed agreed = agree(hello.nodeId(), heard.with(answer));
        return Transition.to(new AwaitProof(agreed), new Send(answer), new Receive());
    }

    private Agreed agree(Bytes peer, Transcript hellos) {
        try (SecretBytes exported = binding.export(BINDING_LABEL, hellos.hash(), EXPORT_BYTES)) {
            return new Agreed(peer, hellos.hash(), exported.use(Bytes::of), hellos);
        }
    }

    private Leaf ownLeaf(Agreed agreed) {
        return ChannelLeaf.of(
                agreed.exporter(),
                own.role(),
                binding.ownSpki(),
                binding.peerSpki(),
                own.nodeId(),
                agreed.peerNodeId(),
                agreed.transcript().hash());
    }

    private Transition proof(Agreed agreed, Proof proof, Bytes frame) {
        Leaf expected = proofs.expectedLeaf(agreed);
        Optional<Refusal> refusal = proofs.refusal(agreed, proof, expected);
        if (refusal.isPresent()) {
            return refuse(refusal.get(), "evidence of " + agreed.peerNodeId().toHex());
        }
        Evidence evidence = proof.evidence();
        return Transition.to(new Judging(agreed.with(frame), evidence), new Judge(evidence, expected)); // H10
    }

    private Transition judged(Judging state, HandshakeInput.Judged judged) {
        if (!judged.verdict().accepted()) {
            return refuse(Refusal.EVIDENCE_REJECTED, PeerProof.failures(judged.verdict())); // H11
        }
        BootKeySet keys = state.evidence().keys();
        switch (judged.fence()) { // H12
            case STALE -> {
                return refuse(Refusal.STALE_BOOT, "boot " + keys.bootCounter());
            }
            case CLONED -> {
                return refuse(Refusal.CLONED_BOOT, "boot " + keys.bootCounter());
            }
            case CURRENT -> {}
        }
        Verified peer = new Verified(keys, judged.verdict());
        if (own.role() == Role.INITIATOR) {
            return Transition.to(new AwaitFinish(state.agreed(), peer), new Receive());
        }
        Leaf leaf = ownLeaf(state.agreed());
        return Transition.to(new Attesting(state.agreed(), leaf, Optional.of(peer)), new Attest(leaf)); // H8
    }

    private Transition attested(Attesting state, Proof proof) {
        if (!proof.evidence().leaf().equals(state.leaf())) {
            return refuse(Refusal.NO_OWN_EVIDENCE, "the evidence made here has another leaf");
        }
        Bytes frame = proof.encode();
        if (frame.length() > HandshakeMessage.MAX_FRAME) {
            return refuse(Refusal.NO_OWN_EVIDENCE, "evidence of " + frame.length() + " bytes does not fit a frame");
        }
        Agreed agreed = state.agreed().with(frame);
        if (state.peer().isEmpty()) {
            return Transition.to(new AwaitProof(agreed), new Send(frame), new Receive());
        }
        Bytes finish = finishCode(agreed, Role.RESPONDER).encode();
        return Transition.to(
                new AwaitFinish(agreed.with(finish), state.peer().get()),
                new Send(frame),
                new Send(finish),
                new Receive());
    }

    private Transition finish(AwaitFinish state, Finish finish, Bytes frame) {
        Agreed agreed = state.agreed();
        if (!FinishCode.equal(finishCode(agreed, own.role().other()), finish)) {
            return refuse(Refusal.BAD_FINISH, "from " + agreed.peerNodeId().toHex()); // H13
        }
        Agreed heard = agreed.with(frame);
        List<HandshakeEffect> effects = new ArrayList<>();
        if (own.role() == Role.INITIATOR) {
            Bytes answer = finishCode(heard, Role.INITIATOR).encode();
            heard = heard.with(answer);
            effects.add(new Send(answer));
        }
        Session session = session(heard, state.peer());
        effects.add(new Complete(session));
        return new Transition(new Established(session), List.copyOf(effects));
    }

    private Finish finishCode(Agreed agreed, Role by) {
        return FinishCode.of(binding, agreed, by);
    }

    private Session session(Agreed agreed, Verified peer) {
        return new Session(
                own.role(),
                own.nodeId(),
                agreed.peerNodeId(),
                binding.ownSpki(),
                binding.peerSpki(),
                agreed.exporter(),
                agreed.transcript().hash(),
                peer.keys(),
                peer.verdict());
    }

    private static Transition refuse(Refusal reason, String detail) {
        Bytes abort = new Abort(AbortCode.of(reason)).encode(); // H15
        return Transition.to(new Failed(reason), new Send(abort), new Refuse(reason, detail));
    }

    private static Transition abandon(Refusal reason, String detail) {
        return Transition.to(new Failed(reason), new Refuse(reason, detail));
    }

    private static String name(HandshakeState state) {
        return state.getClass().getSimpleName();
    }

    private static IllegalStateException misuse(HandshakeState state, HandshakeInput input) {
        return new IllegalStateException(input.getClass().getSimpleName() + " in " + name(state));
    }
}
