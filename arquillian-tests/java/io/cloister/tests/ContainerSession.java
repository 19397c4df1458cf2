package io.cloister.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** One PostgreSQL and one settings file for all containers of a run, there before Arquillian reads its configuration. */
public final class ContainerSession implements LauncherSessionListener {
    private @Nullable TestDatabase database;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Optional<String> target = Optional.ofNullable(System.getProperty("cloister.target"));
        if (target.isEmpty()) {
            return; // a run of unit tests
        }
        try {
            TestDatabase started = TestDatabase.start();
            database = started;
            Path folder = Files.createDirectories(Path.of(target.get(), "containers"));
            Path settings = TestSettings.write(folder, "container", started, 0);
            Path commands = Files.writeString(
                    folder.resolve("commands.txt"),
                    "set configs.config.server-config.network-config.network-listeners.network-listener"
                            + ".http-listener.address=127.0.0.1\n");
            // The server announces itself by its host's name; here that is loopback, where alone it listens.
            Path hosts = Files.writeString(
                    folder.resolve("hosts"),
                    "127.0.0.1 localhost\n127.0.0.1 "
                            + InetAddress.getLocalHost().getHostName() + "\n");
            System.setProperty("cloister.it.hosts", hosts.toString());
            System.setProperty("cloister.it.settings", settings.toString());
            System.setProperty("cloister.it.commands", commands.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        if (database != null) {
            database.close();
        }
    }
}
