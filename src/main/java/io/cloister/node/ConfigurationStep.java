package io.cloister.node;

import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;

/** Reads the settings inside the server and provides them. */
@ApplicationScoped
public class ConfigurationStep implements BootStep {
    @Override
    public String name() {
        return BootStage.CONFIGURATION.name();
    }

    @Override
    public void run(BootContext context) {
        context.provide(Settings.class, NodeSettings.read());
    }
}
