package io.cloister.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.acceptance.Launcher.Answer;
import io.cloister.acceptance.Operator.Victim;
import io.cloister.attestation.Policy;
import io.cloister.attestation.platform.Platform;
import io.cloister.cli.Policies;
import io.cloister.cli.demo.DemoFlow;
import io.cloister.client.ApiException;
import io.cloister.client.model.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.rpc.dev.Anvil;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import io.cloister.node.steps.NodeSchema;
import io.cloister.vault.ColumnSpec;
import io.cloister.vault.Schema;
import io.cloister.vault.VaultException;
import io.cloister.vault.store.SchemaWalk;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The demo's flow on one network, and what must hold after it. Each test goes on where the one before has ended: the
 * network runs up to the one that stops the nodes, then only PostgreSQL does. {@code -Dcloister.acceptance=false} leaves
 * it out.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoFlowIT {
    private static final long AMOUNT = 50_000_000L;
    private static final Duration BOOT = Duration.ofSeconds(120);

    private final Bytes recipient = random(20);
    private final Bytes marker = random(32);
    private final List<String> burnRecipients = new ArrayList<>();
    private @Nullable DemoFlow network;
    private boolean carried;

    @BeforeAll
    void begin() throws Exception {
        Path home = home();
        Assumptions.assumeTrue(Boolean.parseBoolean(System.getProperty("cloister.acceptance", "true")), "left out");
        Assumptions.assumeTrue(LitecoinRegtest.find().isPresent(), "litecoind is not installed");
        Assumptions.assumeTrue(Anvil.find(home).isPresent(), "anvil is not installed");
        network = DemoFlow.begin(home, home.resolve("target").resolve("acceptance"), System.out);
    }

    @AfterAll
    void end() {
        if (network != null) {
            network.close();
        }
    }

    private static Path home() {
        String target = System.getProperty("cloister.target", "target");
        return Path.of(System.getProperty("cloister.home", target + "/.."))
                .toAbsolutePath()
                .normalize();
    }

    private DemoFlow flow() {
        Assumptions.assumeTrue(network != null && carried, "the demo's flow did not come to its end");
        return Objects.requireNonNull(network);
    }

    private static Bytes random(int length) {
        try (SecretBytes bytes = SecretBytes.random(length)) {
            return bytes.use(Bytes::of);
        }
    }

    @Test
    @Order(1)
    void carriesADepositABurnAndASimulation() throws Exception {
        DemoFlow flow = Objects.requireNonNull(network);
        assertThat(flow.run()).isZero();
        for (Transfer transfer : flow.node(0).bridge().listTransfers(null, null)) {
            burnRecipients.add(transfer.getRecipient());
        }
        assertThat(burnRecipients).isNotEmpty();
        carried = true;
    }

    @Test
    @Order(2)
    void evidenceServesTheOnePurposeThatItWasMadeFor() throws Exception {
        DemoFlow flow = flow();
        Policy policy = Policies.read(flow.policyFile());
        try (Platform platform = NodeDisk.platform(flow, 0)) {
            Evidences evidences = new Evidences(policy, flow.node(0).attest(policy), platform);
            evidences.eachServesItsOwnPurpose();
            evidences.noneServesAnother();
        }
    }

    @Test
    @Order(2)
    void theCommandAcceptsANodeByTheDemosPolicyAndRefusesItByTheDefaultOne() throws Exception {
        DemoFlow flow = flow();
        Launcher launcher = new Launcher(home());
        String url = flow.node(0).uri().toString();

        Answer accepted =
                launcher.run("attest", url, "--policy", flow.policyFile().toString(), "--json");
        assertThat(accepted.exitCode()).as(accepted.output()).isZero();
        assertThat(accepted.json().get("verdict").asText()).isEqualTo("accepted");
        assertThat(accepted.json().get("grade").asText()).isEqualTo("D");
        assertThat(accepted.checks("passed")).contains("report-signature", "binding", "policy.measurement");

        Answer refused = launcher.run("attest", url, "--json");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.json().get("verdict").asText()).isEqualTo("rejected");
        assertThat(refused.checks("failed")).containsExactly("certificate-chain");

        Answer network = launcher.run(
                "attest", "network", url, "--policy", flow.policyFile().toString(), "--json");
        assertThat(network.exitCode()).as(network.output()).isZero();
        assertThat(network.checks("passed"))
                .contains("certificate", "attested-quorum", "statement", "signature", "policy-digest", "block-time");
        assertThat(launcher.run("attest", "network", url, "--policy", "default").exitCode())
                .isEqualTo(1);
    }

    @Test
    @Order(3)
    void answersEveryRequestOnceThroughRestartsOfEachNodeAndOfAll() throws Exception {
        DemoFlow flow = flow();
        Travel travel = new Travel(flow, recipient, marker);
        int confirmations =
                ChainProfiles.named(flow.asset().chain()).confirmations().required(AMOUNT);
        for (int i = 0; i < flow.nodes(); i++) {
            int other = (i + 1) % flow.nodes();
            Bytes txid = travel.pay(AMOUNT);
            travel.awaitSeen(other, txid);
            flow.kill(i);
            flow.litecoin().mine(confirmations);
            travel.awaitAccepted(other, txid);
            flow.start(i);
            flow.awaitReady();
            travel.awaitTakingPart(i);
        }
        travel.awaitAllAnsweredOnce();
        Bytes early = travel.pay(AMOUNT);
        travel.awaitSeen(1, early);
        flow.litecoin().mine(confirmations - 2);
        travel.pay(AMOUNT);
        travel.awaitAccepted(1, early);
        for (int i = 0; i < flow.nodes(); i++) {
            flow.kill(i);
        }
        flow.litecoin().mine(confirmations);
        for (int i = 0; i < flow.nodes(); i++) {
            flow.start(i);
        }
        flow.awaitReady();
        travel.awaitAllAnsweredOnce();
        for (int i = 0; i < flow.nodes(); i++) {
            travel.awaitTakingPart(i);
        }
        travel.awaitEqualStates();
    }

    @Test
    @Order(4)
    void leavesNoSecretInTablesOrOnTheDisk() throws Exception {
        DemoFlow flow = flow();
        for (int i = 0; i < flow.nodes(); i++) {
            flow.stop(i);
        }
        Needles needles = secrets(flow);
        Needles control = new Needles();
        DatabaseScan tables = new DatabaseScan();
        for (int i = 0; i < flow.nodes(); i++) {
            try (NodeDisk disk = new NodeDisk(flow, i);
                    Connection connection = disk.connect()) {
                control.add("node id " + (i + 1), disk.nodeId());
                tables.copyOut(connection);
            }
        }
        assertThat(tables.find(needles)).isEmpty();
        assertThat(tables.find(control))
                .contains("node id 1, raw in vault_identity", "node id 4, in hexadecimal in vault_identity");

        flow.checkpoint();
        DatabaseScan files = new DatabaseScan();
        files.read(flow.databaseFiles());
        for (int i = 0; i < flow.nodes(); i++) {
            files.read(flow.journal(i));
        }
        assertThat(files.find(needles)).isEmpty();
        assertThat(files.find(control)).anyMatch(it -> it.contains("/pg_wal/")).anyMatch(it -> it.contains("/base/"));
        System.out.println(needles.names().size() + " secrets looked for in " + tables.size() + " copies of tables and "
                + files.size() + " files, " + files.bytes() / (1 << 20) + " MiB");
    }

    private Needles secrets(DemoFlow flow) throws Exception {
        Needles needles = new Needles();
        needles.add("recipient", recipient);
        needles.add("recipient of the demo", Bytes.hex(flow.gateway().getRecipient()));
        needles.add("payload", marker);
        BitcoinProfile profile =
                (BitcoinProfile) ChainProfiles.named(flow.asset().chain());
        for (String address : burnRecipients) {
            needles.add("recipient of a burn", Bytes.utf8(address));
            Bytes script = BitcoinAddress.toScript(profile, address);
            needles.add("key hash of a burn's recipient", script.slice(2, script.length() - 2));
        }
        assertStored(flow, needles);
        for (int i = 0; i < flow.nodes(); i++) {
            try (NodeDisk disk = new NodeDisk(flow, i);
                    NodeDisk peer = new NodeDisk(flow, (i + 1) % flow.nodes())) {
                Secrets.collect("node " + (i + 1), disk, peer, needles);
            }
        }
        assertThat(needles.names()).anyMatch(it -> it.contains("scalar")).anyMatch(it -> it.contains("journal"));
        return needles;
    }

    /** What is looked for is really there, under the seal. */
    private static void assertStored(DemoFlow flow, Needles needles) throws Exception {
        try (NodeDisk disk = new NodeDisk(flow, 0);
                NodeDisk peer = new NodeDisk(flow, 1)) {
            assertThat(Secrets.opened(disk, peer, needles))
                    .containsAll(
                            needles.names().stream().map(name -> name + ", raw").toList());
        }
    }

    /** HPKE, result-signing, TLS and E_pre keys live in memory only: there is no column that could take them. */
    @Test
    @Order(5)
    void hasNoSealedColumnButTheKnownOnes() {
        List<String> sealed = NodeSchema.ALL.tables().stream()
                .flatMap(table -> table.columns().stream()
                        .filter(ColumnSpec::sealed)
                        .map(column -> table.name() + "." + column.name()))
                .toList();
        assertThat(Set.copyOf(sealed))
                .isEqualTo(Set.of(
                        "vault_keyset.aead",
                        "vault_keyset.prf",
                        "vault_registry.state",
                        "vault_journal.entry",
                        "vault_identity.slot_key",
                        "vault_identity.epoch_key",
                        "vault_identity.boot_counter",
                        "vault_part.part",
                        "vault_key_share.share",
                        "block.transactions",
                        "app_state.entry"));
    }

    @Test
    @Order(6)
    void refusesEverySingleChangeOfTheDatabaseWithTheRowNamed() throws Exception {
        DemoFlow flow = flow();
        try (NodeDisk disk = new NodeDisk(flow, 0);
                NodeDisk peer = new NodeDisk(flow, 1);
                Tampering tampering = new Tampering(disk, peer)) {
            System.out.println(tampering.flips() + " flips, " + tampering.swaps() + " swaps, " + tampering.deletions()
                    + " deletions and " + tampering.oldRows() + " old rows refused");
            tampering.everythingHolds();
        }
    }

    @Test
    @Order(7)
    void walkOverTheSchemaFindsAnUndeclaredColumn() throws Exception {
        DemoFlow flow = flow();
        try (NodeDisk disk = new NodeDisk(flow, 2);
                Connection connection = disk.connect();
                Operator operator = new Operator(disk.connect())) {
            SchemaWalk.check(connection, NodeSchema.ALL);
            operator.execute("ALTER TABLE block ADD COLUMN note bytea");
            assertThatThrownBy(() -> SchemaWalk.check(connection, NodeSchema.ALL))
                    .isInstanceOf(VaultException.class)
                    .hasMessageContaining("column block.note is not declared");
            operator.execute("ALTER TABLE block DROP COLUMN note");
            SchemaWalk.check(connection, NodeSchema.ALL);
        }
    }

    /** The boots above were made in this process with the node's classes; these are a node's own. */
    @Test
    @Order(8)
    void aNodeOnAChangedDatabaseEndsItsBootAndNamesTheRow() throws Exception {
        DemoFlow flow = flow();
        try (NodeDisk disk = new NodeDisk(flow, 0);
                Operator operator = new Operator(disk.connect())) {
            Victim part = operator.rows(Schema.PART, 1).getFirst();
            ColumnSpec generation = Operator.column(Schema.PART, "generation");
            operator.flip(part, generation);
            flow.start(0);
            assertThat(part.isNamedIn(awaitFailure(flow, 0))).isTrue();
            flow.stop(0);
            operator.flip(part, generation);

            Victim share = operator.rows(Schema.KEY_SHARE, 1).getFirst();
            operator.delete(share);
            for (int i = 0; i < flow.nodes(); i++) {
                flow.start(i);
            }
            assertThat(share.isNamedIn(awaitFailure(flow, 0))).isTrue();
        }
    }

    private static String awaitFailure(DemoFlow flow, int node) throws InterruptedException {
        long end = System.nanoTime() + BOOT.toNanos();
        while (System.nanoTime() < end) {
            try {
                String failure = flow.node(node).network().getNode().getFailure();
                if (failure != null) {
                    return failure;
                }
            } catch (ApiException e) {
                // It does not answer yet.
            }
            Thread.sleep(200);
        }
        throw new AssertionError("node " + (node + 1) + " has not refused its database in " + BOOT);
    }
}
