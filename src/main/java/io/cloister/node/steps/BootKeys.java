package io.cloister.node.steps;

import io.cloister.attestation.BootKeySet;
import io.cloister.channel.grpc.TlsIdentity;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.evm.exchange.ServingKeys;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.vault.identity.NodeIdentity;

/**
 * The keys of one boot, in memory only: TLS, share encryption {@code E_pre}, HPKE, which rotates, and result signing.
 *
 * @param shares {@code E_pre}
 */
public record BootKeys(TlsIdentity tls, ShareKey shares, ServingKeys hpke, SigningKey results)
        implements AutoCloseable {

    static BootKeys generate(TlsIdentity tls) {
        return new BootKeys(tls, ShareKey.generate(), new ServingKeys(), SigningKey.generate());
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
                identity.voteKey().id(),
                shareKey(),
                hpkeKey(),
                results.id());
    }

    @Override
    public void close() {
        shares.close();
        hpke.close();
        results.close();
    }

    @Override
    public String toString() {
        return "the keys of this boot";
    }
}
