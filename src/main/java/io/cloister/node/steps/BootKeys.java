package io.cloister.node.steps;

import io.cloister.attestation.BootKeySet;
import io.cloister.channel.grpc.TlsIdentity;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hpke;
import io.cloister.crypto.HpkeKey;
import io.cloister.crypto.SigningKey;
import io.cloister.mpc.dealing.ShareKey;
import io.cloister.vault.identity.NodeIdentity;

/**
 * The keys of one boot, in memory only: TLS, share encryption {@code E_pre}, HPKE and result signing.
 *
 * @param shares {@code E_pre}
 */
public record BootKeys(TlsIdentity tls, ShareKey shares, HpkeKey hpke, SigningKey results) implements AutoCloseable {

    static BootKeys generate(TlsIdentity tls) {
        return new BootKeys(tls, ShareKey.generate(), Hpke.generate(), SigningKey.generate());
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
                hpke.publicKey(),
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
