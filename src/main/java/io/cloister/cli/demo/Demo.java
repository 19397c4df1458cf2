package io.cloister.cli.demo;

import io.cloister.bridge.Asset;
import io.cloister.cli.NodeClient;
import io.cloister.client.model.Deposit;
import io.cloister.client.model.Gateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The demo's run: its steps in order, and what they leave to each other. */
final class Demo {
    /** Nodes of the committee. */
    static final int NODES = 4;

    /** For anything that the committee does by itself. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final List<Step> STEPS = List.of(
            new ChainsStep(),
            new NodesStep(),
            new KeysStep(),
            new GatewayStep(),
            new DepositStep(),
            new MintStep(),
            new BurnStep(),
            new SimulationStep(),
            new ReceiptStep());

    private final Options options;
    private final Workspace workspace;
    private final Stop stop;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private @Nullable Chains chains;
    private @Nullable Databases databases;
    private @Nullable Asset asset;
    private @Nullable Gateway gateway;
    private @Nullable Deposit deposit;
    private String mintReceipt = "";

    /**
     * @param home where the launcher is
     * @param keep leave the network running until Ctrl-C
     * @param killOne kill a node between deposit and signature
     */
    record Options(Path home, boolean keep, boolean killOne) {}

    Demo(Options options, Workspace workspace, Stop stop) {
        this.options = options;
        this.stop = stop;
        this.workspace = workspace;
    }

    /** Runs all steps; 0 when every check held, {@link Stop#STATUS} when the user has stopped them. */
    int run(Progress progress) throws InterruptedException {
        for (int i = 0; i < STEPS.size(); i++) {
            Step step = STEPS.get(i);
            progress.step(i + 1, STEPS.size(), step.title());
            try {
                step.run(this, progress);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (stop.requested()) {
                    return Stop.STATUS;
                }
                progress.summary("failed in step " + (i + 1) + ", " + step.title() + ": " + cause(e));
                return 1;
            }
            progress.stepDone(i + 1, step.title());
        }
        progress.budget("chains", 1, 1, 10);
        progress.budget("nodes", 2, 2, 60);
        progress.budget("keys and pool", 3, 3, 15);
        progress.budget("deposit to mint", 4, 6, 30);
        progress.budget("burn", 7, 7, 30);
        progress.budget("rest", 8, 9, 15);
        progress.summary("every check held");
        if (options.keep()) {
            System.out.println("console: " + node(0).uri() + "/  (Ctrl-C stops the network)");
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private static String cause(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    Options options() {
        return options;
    }

    Workspace workspace() {
        return workspace;
    }

    List<NodeProcess> nodes() {
        return nodes;
    }

    NodeClient node(int index) {
        return nodes.get(index).client();
    }

    Chains chains() {
        return Objects.requireNonNull(chains);
    }

    void chains(Chains started) {
        chains = started;
    }

    Databases databases() {
        return Objects.requireNonNull(databases);
    }

    void databases(Databases started) {
        databases = started;
    }

    Asset asset() {
        return Objects.requireNonNull(asset);
    }

    void asset(Asset decided) {
        asset = decided;
    }

    Gateway gateway() {
        return Objects.requireNonNull(gateway);
    }

    void gateway(Gateway created) {
        gateway = created;
    }

    Deposit deposit() {
        return Objects.requireNonNull(deposit);
    }

    void deposit(Deposit ready) {
        deposit = ready;
    }

    /** Hash of the transaction whose receipt proves the mint's signature. */
    String mintReceipt() {
        return mintReceipt;
    }

    void mintReceipt(String hash) {
        mintReceipt = hash;
    }

    Path policyFile() {
        return workspace.folder().resolve("policy.json");
    }

    Path genesisFile() {
        return workspace.folder().resolve("genesis.json");
    }
}
