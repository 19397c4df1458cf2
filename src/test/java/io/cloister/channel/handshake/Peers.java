package io.cloister.channel.handshake;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Check;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Grade;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.Verdict;
import io.cloister.channel.handshake.HandshakeMessage.Proof;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SigningKey;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Two nodes with fixed keys and a connection between them, for tests of the pure machines. */
final class Peers {
    static final String CHAIN = "test-1";
    static final Bytes POLICY = Hashes.sha256(Bytes.utf8("policy"));
    static final Bytes GENESIS = Hashes.sha256(Bytes.utf8("genesis"));

    /** One node: keys of its slot and boot. */
    record Node(SigningKey slot, Bytes spki, long boot, String chain) {
        Bytes id() {
            return slot.id();
        }

        BootKeySet keys() {
            return new BootKeySet(chain, id(), boot, spki, id(), id(), Bytes.zeros(32), id());
        }

        Node atBoot(long counter) {
            return new Node(slot, spki, counter, chain);
        }

        /**
         * Evidence whose report is opaque here: what judges it in these tests is the verdict that the test feeds in.
         */
        Proof prove(Leaf leaf) {
            return prove(leaf, keys());
        }

        Proof prove(Leaf leaf, BootKeySet keys) {
            Evidence evidence = new Evidence(
                    new SnpEvidence(Bytes.zeros(1184), new Collateral(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY)),
                    keys,
                    leaf,
                    MerkleTree.path(List.of(leaf.content()), 0));
            return new Proof(evidence, slot.sign(ChannelLeaf.signingDigest(leaf)));
        }
    }

    /** An end of a connection whose exporters follow from its id. */
    record Connection(Bytes id, Bytes ownSpki, Bytes peerSpki) implements ChannelBinding {
        @Override
        public SecretBytes export(String label, Bytes context, int length) {
            return SecretBytes.taking(
                    Hashes.hkdfSha256(id, context, Bytes.utf8(label), length).toArray());
        }
    }

    static final Node INITIATOR;
    static final Node RESPONDER;
    static final Node STRANGER;

    static {
        List<SigningKey> keys = Stream.generate(SigningKey::generate)
                .limit(3)
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        INITIATOR = node(keys.get(0), "initiator");
        RESPONDER = node(keys.get(1), "responder");
        STRANGER = node(keys.get(2), "stranger");
    }

    private Peers() {}

    private static Node node(SigningKey slot, String name) {
        return new Node(slot, Hashes.sha256(Bytes.utf8(name)), 1, CHAIN);
    }

    static HandshakeParameters parameters(Role role) {
        boolean first = role == Role.INITIATOR;
        Node own = first ? INITIATOR : RESPONDER;
        Node peer = first ? RESPONDER : INITIATOR;
        return new HandshakeParameters(
                role,
                HandshakeParameters.VERSIONS,
                CHAIN,
                POLICY,
                GENESIS,
                own.id(),
                Hashes.sha256(Bytes.utf8("nonce of " + role)),
                Set.of(peer.id()),
                Set.of());
    }

    static ChannelBinding binding(Role role, String connection) {
        boolean first = role == Role.INITIATOR;
        return new Connection(
                Bytes.utf8(connection),
                first ? INITIATOR.spki() : RESPONDER.spki(),
                first ? RESPONDER.spki() : INITIATOR.spki());
    }

    static Verdict accepted() {
        return verdict(true, Grade.B);
    }

    static Verdict verdict(boolean accepted, Grade grade) {
        Check.Result result = accepted ? Check.Result.PASSED : Check.Result.FAILED;
        return new Verdict(
                accepted, grade, List.of(new Check("policy.guest-debug", result, "as told")), new TreeMap<>());
    }
}
