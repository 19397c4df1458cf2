package io.cloister.node.steps;

import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.vault.Level;
import io.cloister.vault.store.Vault;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Checks every row of the restored state against the registry, so that a changed, deleted or restored row is named before
 * anything is built on it. How far the whole state lies behind the peers shows when the engine has heard them, and the
 * node is not ready before it has caught up.
 */
@ApplicationScoped
public class FreshnessStep implements BootStep {
    @Override
    public String name() {
        return BootStage.FRESHNESS.name();
    }

    @Override
    public void run(BootContext context) {
        context.get(Vault.class).verify(Level.STATE);
    }
}
