package io.cloister.cli.demo;

import io.cloister.bridge.Asset;
import io.cloister.cli.NodeClient;
import io.cloister.client.model.Gateway;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The demo as a network that its caller can go on with: runs the steps in a folder, then hands out nodes, chains and
 * databases until it is closed. Closing stops everything, the latest first.
 */
public final class DemoFlow implements AutoCloseable {
    private final Workspace workspace;
    private final Progress progress;
    private final Demo demo;

    private DemoFlow(Workspace workspace, Progress progress, Demo demo) {
        this.workspace = workspace;
        this.progress = progress;
        this.demo = demo;
    }

    static DemoFlow begin(Demo.Options options, Path folder, PrintStream out, Stop stop)
            throws IOException, InterruptedException {
        Workspace workspace = Workspace.claim(options.home(), folder);
        return new DemoFlow(workspace, new Progress(out, stop), new Demo(options, workspace, stop));
    }

    /**
     * Claims a folder for a run without options.
     *
     * @param home where the launcher is
     * @param folder becomes the demo's own, and is emptied when an earlier demo made it
     * @throws io.cloister.cli.CommandFailed when somebody else's files are in this folder, or another demo runs in it
     */
    public static DemoFlow begin(Path home, Path folder, PrintStream out) throws IOException, InterruptedException {
        return begin(new Demo.Options(home, false, false), folder, out, new Stop(out));
    }

    /** Runs all steps; 0 when every check held. */
    public int run() throws InterruptedException {
        return demo.run(progress);
    }

    /** Number of nodes; they are counted from 0. */
    public int nodes() {
        return demo.nodes().size();
    }

    public NodeClient node(int index) {
        return demo.node(index);
    }

    /** SIGKILL: no shutdown, no goodbye. */
    public void kill(int index) throws InterruptedException {
        demo.nodes().get(index).kill();
    }

    /** Starts a node that was killed; returns at once. */
    public void start(int index) throws IOException {
        demo.nodes().get(index).start();
    }

    /** Waits until all nodes have finished their boot. */
    public void awaitReady() throws InterruptedException {
        NodesStep.awaitReady(demo, progress);
    }

    /** Stops a node as its user would; databases and chains stay. */
    public void stop(int index) throws InterruptedException {
        demo.nodes().get(index).close();
    }

    public LitecoinRegtest litecoin() {
        return demo.chains().litecoin();
    }

    public Asset asset() {
        return demo.asset();
    }

    /** The gateway of the demo's own deposit. */
    public Gateway gateway() {
        return demo.gateway();
    }

    /** The attestation policy of all nodes. */
    public Path policyFile() {
        return demo.policyFile();
    }

    public Path genesisFile() {
        return demo.genesisFile();
    }

    /** Where the simulated chip of a node is kept. */
    public Path chip(int index) throws IOException {
        return workspace.folder("chip" + (index + 1));
    }

    /** The folder of a node's journal of agreement. */
    public Path journal(int index) throws IOException {
        return workspace.folder("node" + (index + 1)).resolve("data").resolve("journal");
    }

    /** The raw files of all databases. */
    public Path databaseFiles() throws IOException {
        return workspace.folder("postgres");
    }

    /** Access to a node's database as the node has it. */
    public Access database(int index) {
        int number = index + 1;
        return new Access(demo.databases().url(number), Databases.user(number), Databases.password(number));
    }

    /** Writes everything that the databases hold in memory to their files. */
    public void checkpoint() throws SQLException {
        demo.databases().checkpoint();
    }

    /** How a database is reached over JDBC. */
    public record Access(String url, String user, String password) {}

    @Override
    public void close() {
        try (progress) {
            workspace.close();
        }
    }
}
