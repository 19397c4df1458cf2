package io.cloister.node.launch;

import fish.payara.micro.ClusterCommandResult;
import fish.payara.micro.boot.AdminCommandRunner;
import fish.payara.micro.boot.PayaraMicroBoot;
import io.cloister.node.settings.Settings;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Payara Micro in this process, without clustering, bound to the addresses of the settings. */
final class Server {
    private static final String LISTENER =
            "configs.config.server-config.network-config.network-listeners.network-listener.";
    private static final String PROTOCOL = "configs.config.server-config.network-config.protocols.protocol.";
    // The server's classes lie beside this one; its jar at compile time holds only the boot interfaces.
    private static final String IMPLEMENTATION = "fish.payara.micro.impl.PayaraMicroImpl";

    private final Settings settings;
    private final Path folder;
    private final Path war;

    Server(Settings settings, Path folder, Path war) {
        this.settings = settings;
        this.folder = folder;
        this.war = war;
    }

    /** Returns when the WAR is deployed and the https listener was seen to show this boot's certificate. */
    void boot(HandoverStore store, TlsIdentity identity) throws LaunchRefused {
        List<String> problems = new ArrayList<>();
        try {
            prepare();
            Class<?> implementation = Class.forName(IMPLEMENTATION);
            PayaraMicroBoot server =
                    (PayaraMicroBoot) implementation.getMethod("getInstance").invoke(null);
            server.setPreBootHandler(commands -> {
                store.announce();
                configure(commands, problems);
            });
            implementation.getMethod("main", String[].class).invoke(null, (Object) arguments());
            if (server.getRuntime().getDeployedApplicationNames().isEmpty()) {
                problems.add("the WAR was not deployed");
            }
            // The server reads the store with its first deployment, and the listener its key with its first connection.
            ListenerCheck.presentsCertificate(settings.https(), identity).ifPresent(problems::add);
        } catch (InvocationTargetException e) {
            throw new LaunchRefused("the server did not boot", e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LaunchRefused("no Payara Micro on the class path", e);
        }
        if (!problems.isEmpty()) {
            throw new LaunchRefused(String.join("; ", problems));
        }
    }

    /** Finds the unpacked server beside its boot jar, says so to the server, and copies what the server writes to. */
    private void prepare() throws LaunchRefused {
        try {
            URI boot = PayaraMicroBoot.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            Path home = Path.of(boot).resolveSibling("");
            System.setProperty("fish.payara.micro.BootJar", boot.toString());
            System.setProperty("fish.payara.micro.UnpackDir", home.toString());
            for (String part : List.of("config", "lib")) {
                copyTree(home.resolve(part), folder.resolve(part));
            }
        } catch (URISyntaxException | IOException e) {
            throw new LaunchRefused("the server's own files cannot be read", e);
        }
    }

    private static void copyTree(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file)));
            }
        }
    }

    private String[] arguments() {
        return new String[] {
            "--rootdir",
            folder.toString(),
            "--logproperties",
            System.getProperty("java.util.logging.config.file"),
            "--nohazelcast",
            "--disablephonehome",
            "--port",
            Integer.toString(settings.httpPort()),
            "--sslport",
            Integer.toString(settings.https().port()),
            "--sslcert",
            HandoverStore.ALIAS,
            "--deploy",
            war.toString(),
            "--contextroot",
            "/"
        };
    }

    private void configure(AdminCommandRunner commands, List<String> problems) {
        List<String> values = List.of(
                LISTENER + "http-listener.address=127.0.0.1",
                LISTENER + "https-listener.address=" + settings.https().host(),
                PROTOCOL + "https-listener.ssl.tls12-enabled=false",
                PROTOCOL + "https-listener.ssl.tls13-enabled=true",
                PROTOCOL + "http-listener.http.server-header=false",
                PROTOCOL + "https-listener.http.server-header=false");
        for (String value : values) {
            ClusterCommandResult result = commands.run("set", value);
            if (result.getExitStatus() != ClusterCommandResult.ExitStatus.SUCCESS) {
                problems.add("the server refused " + value + ": " + result.getOutput());
            }
        }
    }
}
