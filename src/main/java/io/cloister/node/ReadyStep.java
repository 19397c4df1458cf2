package io.cloister.node;

import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;

/** The last step: says that the node serves. */
@ApplicationScoped
public class ReadyStep implements BootStep {
    private static final System.Logger LOG = System.getLogger(ReadyStep.class.getName());

    @Override
    public String name() {
        return BootStage.READY.name();
    }

    @Override
    public void run(BootContext context) {
        LOG.log(System.Logger.Level.INFO, "ready on {0}", context.get(Settings.class).chainId());
    }
}
