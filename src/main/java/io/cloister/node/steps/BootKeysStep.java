package io.cloister.node.steps;

import io.cloister.evm.exchange.ServingKeys;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.launch.TlsIdentity;
import jakarta.enterprise.context.ApplicationScoped;

/** Makes the keys of this boot; the TLS key is the one that the https listener shows. */
@ApplicationScoped
public class BootKeysStep implements BootStep {
    @Override
    public String name() {
        return BootStage.BOOT_KEYS.name();
    }

    @Override
    public void run(BootContext context) {
        TlsIdentity listener = TlsIdentity.ofThisBoot();
        BootKeys keys =
                BootKeys.generate(io.cloister.channel.grpc.TlsIdentity.of(listener.key(), listener.certificate()));
        context.provide(BootKeys.class, keys);
        context.closeAtStop("the keys of this boot", keys);
        context.closeAtStop("the rotation of the HPKE key", new HpkeRotation(keys.hpke(), ServingKeys.PERIOD));
    }
}
