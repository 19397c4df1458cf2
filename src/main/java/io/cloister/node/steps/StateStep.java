package io.cloister.node.steps;

import io.cloister.attestation.platform.DerivedKeyRequest;
import io.cloister.attestation.platform.Platform;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.SecretBytes;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.parts.PartExchange;
import io.cloister.node.steps.SelfVerificationStep.SelfVerdict;
import io.cloister.vault.Head;
import io.cloister.vault.Level;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.identity.NodeIdentity;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;

/** Unseals the state with the part that the peers keep, and wraps the keysets anew when the firmware is newer. */
@ApplicationScoped
public class StateStep implements BootStep {
    private static final System.Logger LOG = System.getLogger(StateStep.class.getName());

    @Override
    public String name() {
        return BootStage.STATE.name();
    }

    @Override
    public void run(BootContext context) {
        Vault vault = context.get(Vault.class);
        vault.openState(context.get(NodeIdentity.class).nodeId(), context.get(PartExchange.class));
        context.provide(Head.class, vault.head(Level.STATE));
        rewrap(context, vault);
    }

    private static void rewrap(BootContext context, Vault vault) {
        SelfVerdict self = context.get(SelfVerdict.class);
        DerivedKeyRequest now = DerivedKeyRequest.sealing(self.report());
        Writer encoded = new Writer();
        now.encode(encoded);
        Bytes request = encoded.toBytes();
        if (vault.metadata().policy().equals(request)) {
            return;
        }
        try (SecretBytes seal = context.get(Platform.class).derivedKey(now)) {
            vault.rewrap(seal, new SealMetadata(self.report().measurement(), request, now.tcb()));
            LOG.log(System.Logger.Level.INFO, "the keysets are wrapped under the seal of the newer firmware");
        }
    }
}
