package io.cloister.channel.grpc;

import io.cloister.attestation.Attester;
import io.cloister.attestation.BootKeySet;
import io.cloister.channel.PeerAddress;
import io.cloister.channel.PeerVerifier;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * What one node brings to its network.
 *
 * @param slotKey signs leaves; its public key is the node id. Stays the caller's to close, after the network
 * @param bootKeys this boot's key set, naming the slot key, the TLS key and the chain
 * @param tls this boot's TLS key and certificate
 * @param listen where to accept peers; port 0 takes a free one
 * @param peers the members of the network now, ourselves included or not; asked again and again, must not block
 * @param attester makes our evidence
 * @param verifier judges the peers'
 * @param policyDigest 32 bytes, SHA-256 of the membership policy
 * @param genesisDigest 32 bytes, SHA-256 of the genesis
 */
public record ChannelConfig(
        SigningKey slotKey,
        BootKeySet bootKeys,
        TlsIdentity tls,
        InetSocketAddress listen,
        Supplier<List<PeerAddress>> peers,
        Attester attester,
        PeerVerifier verifier,
        Bytes policyDigest,
        Bytes genesisDigest,
        ChannelSettings settings) {
    public ChannelConfig {
        if (!bootKeys.nodeId().equals(slotKey.id())) {
            throw new IllegalArgumentException("the boot key set names another node");
        }
        if (!bootKeys.tlsSpki().equals(tls.spki())) {
            throw new IllegalArgumentException("the boot key set names another TLS key");
        }
        if (policyDigest.length() != 32 || genesisDigest.length() != 32) {
            throw new IllegalArgumentException("digests have 32 bytes");
        }
    }

    /** Our node id. */
    public Bytes self() {
        return bootKeys.nodeId();
    }
}
