package io.cloister.cli.demo;

import io.cloister.attestation.Policy;
import io.cloister.attestation.platform.GuestSimulator;
import io.cloister.attestation.platform.ReleaseFiles;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.SimulatedGuest;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.bridge.genesis.AssetsFile;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.cli.Founding;
import io.cloister.cli.NodeClient;
import io.cloister.client.model.Node;
import io.cloister.client.model.Peer;
import io.cloister.client.model.Verdict;
import io.cloister.codec.Bytes;
import io.cloister.ledger.membership.MembershipRules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Four simulated chips, four nodes, the genesis, and everybody's verdict on everybody. */
final class NodesStep implements Step {
    private static final Duration BOOT = Duration.ofSeconds(300);
    private static final Tcb TCB = Tcb.early(9, 0, 21, 72);

    @Override
    public String title() {
        return "four attested nodes, each in its own process";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        progress.waiting("the run's test authority to be made");
        Path target = demo.options().home().resolve("target");
        Bytes measurement = ReleaseFiles.measure(
                target.resolve("cloister.war"), target.resolve("native").resolve("libcloistersnp.so"));
        TestAuthority authority =
                TestAuthority.create(ProductLine.GENOA, Instant.now().minus(Duration.ofDays(1)));
        Policy policy = Policy.devnet(List.of(measurement), List.of(authority.rootDigest()));
        Files.writeString(demo.policyFile(), policy.toJson());
        List<Integer> ports = Ports.free(3 * Demo.NODES);
        for (int i = 1; i <= Demo.NODES; i++) {
            start(demo, i, ports.subList(3 * (i - 1), 3 * i), authority.issueChip(TCB), measurement);
        }
        progress.checked("measurement of WAR and C library "
                + measurement.toHex().substring(0, 16) + "..., policy " + policy.name() + ", test root "
                + authority.rootDigest().toHex().substring(0, 16) + "...");
        found(demo, policy, progress);
        awaitReady(demo, progress);
        verdicts(demo, progress);
    }

    private static void start(Demo demo, int number, List<Integer> ports, SimulatedChip chip, Bytes measurement)
            throws IOException {
        Path folder = demo.workspace().folder("node" + number);
        Path chipFolder = demo.workspace().folder("chip" + number);
        chip.save(chipFolder);
        chip.close();
        Map<String, String> settings = new TreeMap<>();
        platform(demo, number, chipFolder, measurement, settings);
        settings.put("cloister.chain.id", "cloister-demo");
        settings.put("cloister.data.directory", folder.resolve("data").toString());
        settings.put("cloister.genesis.file", demo.genesisFile().toString());
        settings.put("cloister.policy.file", demo.policyFile().toString());
        settings.put("cloister.http.port", Integer.toString(ports.get(0)));
        settings.put("cloister.https.port", Integer.toString(ports.get(1)));
        settings.put("cloister.channel.port", Integer.toString(ports.get(2)));
        settings.put("cloister.db.url", demo.databases().url(number));
        settings.put("cloister.db.user", Databases.user(number));
        settings.put("cloister.db.password", Databases.password(number));
        chain(settings, demo.asset().chain(), demo.chains().litecoin().url());
        chain(settings, demo.asset().evmChain(), demo.chains().anvil().url());
        Path config = folder.resolve("node.properties");
        Files.write(
                config,
                settings.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList());
        NodeProcess node = new NodeProcess(
                number,
                demo.options().home().resolve("cloister"),
                config,
                folder.resolve("node.log"),
                ports.get(0),
                ports.get(1));
        demo.nodes().add(demo.workspace().own("node " + number, node));
        node.start();
    }

    /** A device simulator of its own where the machine can mount one, else a chip in the node's process. */
    private static void platform(
            Demo demo, int number, Path chipFolder, Bytes measurement, Map<String, String> settings)
            throws IOException {
        if (GuestSimulator.isPossible()) {
            Path program = demo.options().home().resolve("target/native/cloister-snp-sim");
            GuestSimulator simulator = GuestSimulator.start(
                    program,
                    demo.workspace().folder("snp" + number),
                    chipFolder,
                    SimulatedGuest.of(measurement),
                    List.of("--follow", Long.toString(ProcessHandle.current().pid())));
            demo.workspace().own("the device simulator of node " + number, simulator);
            settings.put("cloister.platform.kind", "sev-guest");
            settings.put("cloister.platform.device", simulator.device().toString());
        } else {
            Files.writeString(chipFolder.resolve("measurement.hex"), measurement.toHex());
            settings.put("cloister.platform.kind", "pure-java");
            settings.put("cloister.platform.authority", chipFolder.toString());
        }
    }

    private static void chain(Map<String, String> settings, String name, String url) {
        URI uri = URI.create(url);
        settings.put(
                "cloister.chains." + name + ".rpc",
                uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort() + uri.getPath());
        if (uri.getUserInfo() != null) {
            String[] user = uri.getUserInfo().split(":", 2);
            settings.put("cloister.chains." + name + ".user", user[0]);
            settings.put("cloister.chains." + name + ".password", user[1]);
        }
    }

    private static void found(Demo demo, Policy policy, Progress progress) throws Exception {
        for (NodeProcess node : demo.nodes()) {
            Waiting.untilTrue(progress, "node " + node.number() + " to wait for its genesis", BOOT, () -> {
                node.requireAlive();
                return node.client().network().getNode().getStep().equals("GENESIS");
            });
        }
        AssetsFile assets = AssetsFile.parse(
                Bytes.of(Files.readAllBytes(demo.workspace().folder().resolve("assets.json"))));
        List<NodeClient> clients =
                demo.nodes().stream().map(NodeProcess::client).toList();
        GenesisFile genesis = Founding.found(clients, policy, MembershipRules.DEFAULT, assets);
        Path partial = demo.workspace().folder().resolve("genesis.partial");
        Files.writeString(partial, genesis.toJson());
        Files.move(partial, demo.genesisFile(), StandardCopyOption.ATOMIC_MOVE);
        progress.checked("genesis from four verified nodes, digest "
                + genesis.digest().toHex().substring(0, 16) + "...");
    }

    static void awaitReady(Demo demo, Progress progress) throws InterruptedException {
        for (NodeProcess node : demo.nodes()) {
            Waiting.untilTrue(progress, "node " + node.number() + " to be ready", BOOT, () -> {
                node.requireAlive();
                Node answer = node.client().network().getNode();
                CheckFailed.unless(
                        answer.getFailure() == null,
                        "node " + node.number() + " failed in " + answer.getStep() + ": " + answer.getFailure());
                return answer.getStep().equals("READY");
            });
        }
    }

    private static void verdicts(Demo demo, Progress progress) throws Exception {
        for (NodeProcess node : demo.nodes()) {
            Node answer = node.client().network().getNode();
            Verdict self = CheckFailed.present(answer.getSelf(), "verdict");
            progress.checked("node " + node.number() + " on itself: " + describe(self));
            List<Peer> peers = Waiting.until(
                    progress, "node " + node.number() + " to have verified its three peers", Demo.PATIENCE, () -> {
                        List<Peer> all = node.client().attestation().listPeers();
                        boolean verified = all.size() == Demo.NODES - 1
                                && all.stream()
                                        .allMatch(p -> p.getConnected()
                                                && p.getVerdict() != null
                                                && p.getVerdict().getVerdict() == Verdict.VerdictEnum.ACCEPTED);
                        return verified ? Optional.of(all) : Optional.empty();
                    });
            for (Peer peer : peers) {
                progress.checked("node " + node.number() + " on slot " + peer.getSlot() + ": "
                        + describe(CheckFailed.present(peer.getVerdict(), "verdict")));
            }
        }
    }

    private static String describe(Verdict verdict) {
        CheckFailed.unless(
                verdict.getVerdict() == Verdict.VerdictEnum.ACCEPTED, "evidence is refused: " + verdict.getChecks());
        Map<String, String> claims = verdict.getClaims();
        return claims.get("root.product-line") + ", measurement "
                + CheckFailed.present(claims.get("report.measurement"), "measurement")
                        .substring(0, 16) + "..., TCB " + claims.get("report.reported-tcb")
                + ", policy " + claims.get("report.policy") + ", grade " + verdict.getGrade();
    }
}
