package io.cloister.node.launch;

import io.cloister.node.settings.Setting;
import io.cloister.node.settings.Settings;
import io.cloister.node.settings.SettingsRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Main class of a node's process: {@code --config FILE [--war FILE]}. Ends with 2 when the arguments or the settings
 * are refused and with 1 when the node cannot be started; otherwise the process lives until it is told to stop.
 */
public final class Launch {
    private static final System.Logger LOG = System.getLogger(Launch.class.getName());
    private static final int REFUSED = 2;
    private static final int FAILED = 1;
    private static final String USAGE = "usage: node --config FILE [--war FILE] | node --settings";

    // Keeps the lock on the data folder reachable, and so held, for the life of the process.
    private static final AtomicReference<DataFolder> HELD = new AtomicReference<>();

    private Launch() {}

    /** Starts the node; see the class. */
    public static void main(String... arguments) {
        List<String> given = List.of(arguments);
        Logs.oneLine();
        if (given.contains("--settings")) {
            LOG.log(System.Logger.Level.INFO, "settings of a node\n" + Setting.table());
            return;
        }
        Optional<Path> config = option(given, "--config");
        Path war =
                option(given, "--war").orElse(Path.of("target", "cloister.war")).toAbsolutePath();
        if (config.isEmpty()) {
            LOG.log(System.Logger.Level.INFO, USAGE);
            System.exit(REFUSED);
            return;
        }
        try {
            Settings settings = Settings.load(config.get());
            System.setProperty(
                    Settings.FILE_PROPERTY, config.get().toAbsolutePath().toString());
            start(settings, war);
        } catch (SettingsRefused e) {
            e.problems().forEach(problem -> LOG.log(System.Logger.Level.ERROR, problem));
            end(REFUSED, "the settings in " + config.get() + " are refused");
        } catch (LaunchRefused e) {
            end(FAILED, "the node did not start: " + e.getMessage());
        }
    }

    private static void start(Settings settings, Path war) throws LaunchRefused {
        if (!Files.isReadable(war)) {
            throw new LaunchRefused("no WAR at " + war);
        }
        DataFolder data = DataFolder.claim(settings.dataDirectory());
        HELD.set(data);
        FreePorts.require(settings);
        Path folder = data.freshServerFolder();
        try {
            Logs.configure(folder, settings.logDirectory());
        } catch (IOException e) {
            throw new LaunchRefused("cannot write the log", e);
        }
        TlsIdentity identity = TlsIdentity.ofThisBoot();
        try (HandoverStore store = HandoverStore.write(identity)) {
            new Server(settings, folder, war).boot(store, identity);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "https on {0}:{1}, TLS key {2}; health and metrics on http 127.0.0.1:{3}",
                settings.https().host(),
                Integer.toString(settings.https().port()),
                HexFormat.of().formatHex(identity.spkiHash()),
                Integer.toString(settings.httpPort()));
    }

    private static Optional<Path> option(List<String> arguments, String name) {
        int at = arguments.indexOf(name);
        return at >= 0 && at + 1 < arguments.size() ? Optional.of(Path.of(arguments.get(at + 1))) : Optional.empty();
    }

    private static void end(int code, String why) {
        LOG.log(System.Logger.Level.ERROR, why);
        System.exit(code);
    }
}
