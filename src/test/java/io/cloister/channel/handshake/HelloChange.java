package io.cloister.channel.handshake;

import io.cloister.codec.Bytes;
import java.util.List;
import java.util.function.UnaryOperator;

/** A change to what a node says in its hello. */
record HelloChange(UnaryOperator<Editor> change) {
    HandshakeParameters apply(HandshakeParameters own) {
        return change.apply(new Editor(own)).parameters();
    }

    static Editor of(HandshakeParameters own) {
        return new Editor(own);
    }

    /** Parameters with one field changed. */
    record Editor(HandshakeParameters parameters) {
        Editor chain(String chain) {
            return with(parameters.versions(), chain, parameters.policyDigest(), parameters.genesisDigest());
        }

        Editor policy(Bytes policy) {
            return with(parameters.versions(), parameters.chainId(), policy, parameters.genesisDigest());
        }

        Editor genesis(Bytes genesis) {
            return with(parameters.versions(), parameters.chainId(), parameters.policyDigest(), genesis);
        }

        Editor node(Bytes nodeId) {
            return new Editor(copy(parameters, nodeId, parameters.nonce()));
        }

        Editor versions(List<Integer> versions) {
            return with(versions, parameters.chainId(), parameters.policyDigest(), parameters.genesisDigest());
        }

        Editor nonce(Bytes nonce) {
            return new Editor(copy(parameters, parameters.nodeId(), nonce));
        }

        private Editor with(List<Integer> versions, String chain, Bytes policy, Bytes genesis) {
            return new Editor(new HandshakeParameters(
                    parameters.role(),
                    versions,
                    chain,
                    policy,
                    genesis,
                    parameters.nodeId(),
                    parameters.nonce(),
                    parameters.acceptable(),
                    parameters.banned()));
        }

        private static HandshakeParameters copy(HandshakeParameters own, Bytes nodeId, Bytes nonce) {
            return new HandshakeParameters(
                    own.role(),
                    own.versions(),
                    own.chainId(),
                    own.policyDigest(),
                    own.genesisDigest(),
                    nodeId,
                    nonce,
                    own.acceptable(),
                    own.banned());
        }
    }
}
