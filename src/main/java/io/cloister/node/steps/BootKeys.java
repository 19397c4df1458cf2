package io.cloister.node.steps;

import io.cloister.attestation.BootKeySet;
import io.cloister.channel.grpc.TlsIdentity;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.evm.exchange.ServingKeys;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.vault.identity.NodeIdentity;

/**
 * The keys of one boot, in memory only: TLS, votes, share encryption {@code E_pre}, HPKE, which rotates, and results.
 *
 * @param votes signs votes, proposals and the node's transactions
 * @param shares {@code E_pre}
 */
public record BootKeys(TlsIdentity tls, SigningKey votes, ShareKey shares, ServingKeys hpke, SigningKey results)
        implements AutoCloseable {

    static BootKeys generate(TlsIdentity tls) {
        return new BootKeys(tls, SigningKey.generate(), ShareKey.generate(), new ServingKeys(), SigningKey.generate());
    }

    /** The present HPKE key, 32 bytes. */
    public Bytes hpkeKey() {
        return hpke.current().publicKey();
    }

    /** {@code E_pre}, 33 bytes. */
    public Bytes shareKey() {
        return shares.id();
    }

    BootKeySet publicSet(String chainId, NodeIdentity identity) {
        return new BootKeySet(
                chainId,
                identity.nodeId(),
                identity.bootCounter(),
                tls.spki(),
                votes.id(),
                shareKey(),
                hpkeKey(),
                results.id());
    }

    @Override
    public void close() {
        votes.close();
        shares.close();
        hpke.close();
        results.close();
    }

    @Override
    public String toString() {
        return "the keys of this boot";
    }
}
