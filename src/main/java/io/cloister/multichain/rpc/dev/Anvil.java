package io.cloister.multichain.rpc.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.rpc.Endpoint;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.multichain.rpc.JsonRpc;
import io.cloister.multichain.rpc.RpcException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An anvil chain of its own on loopback: a block a second, final one epoch (one block) later. */
public final class Anvil implements AutoCloseable {
    private static final String NPM_BINARY = "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";

    private final ChildProcess process;
    private final String url;
    private final JsonRpc rpc;

    private Anvil(ChildProcess process, String url) {
        this.process = process;
        this.url = url;
        this.rpc = JsonRpc.of(Endpoint.parse(url));
        process.awaitReady(Duration.ofSeconds(60), this::answers);
    }

    /**
     * The binary: where the system property {@code cloister.anvil} says, on the search path, or where npm puts it in a
     * folder of the project.
     *
     * @param project folder of the project's sources
     */
    public static Optional<Path> find(Path project) {
        Optional<Path> named =
                Optional.ofNullable(System.getProperty("cloister.anvil")).map(Path::of);
        Path installed = project.resolve("src/main/solidity").resolve(NPM_BINARY);
        return Stream.concat(named.stream(), Stream.concat(ChildProcess.onPath("anvil").stream(), Stream.of(installed)))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Starts on a free port. */
    public static Anvil start(Path binary, Path folder) {
        return start(binary, folder, ChildProcess.freePort());
    }

    /** Starts; its output goes to a file in the folder. */
    public static Anvil start(Path binary, Path folder, int port) {
        List<String> command = List.of(
                binary.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--chain-id",
                Long.toString(ChainProfiles.ETHEREUM_DEV.chainId()),
                "--slots-in-an-epoch",
                "1",
                "--block-time",
                "1",
                "--hardfork",
                "cancun",
                "--silent");
        ChildProcess process = ChildProcess.start(command, folder.resolve("anvil.log"));
        try {
            return new Anvil(process, "http://127.0.0.1:" + port);
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private boolean answers() {
        try {
            rpc.call(Duration.ofSeconds(2), "eth_chainId");
            return true;
        } catch (RpcException e) {
            return false;
        }
    }

    public String url() {
        return url;
    }

    public long pid() {
        return process.pid();
    }

    /** The client that nodes use too. */
    public EthereumRpc ethereum() {
        return new EthereumRpc(rpc, ChainProfiles.ETHEREUM_DEV);
    }

    /** Any method of the node. */
    public JsonNode call(String method, Object... params) {
        return rpc.call(method, params);
    }

    /** Gives an account so much wei out of nothing. */
    public void fund(Bytes account, BigInteger wei) {
        rpc.call("anvil_setBalance", account.to0x(), "0x" + wei.toString(16));
    }

    /** Mines so many blocks at once. */
    public void mine(int blocks) {
        rpc.call("anvil_mine", "0x" + Integer.toHexString(blocks));
    }

    /** Moves the chain's clock and mines a block. */
    public void advance(Duration by) {
        rpc.call("evm_increaseTime", by.toSeconds());
        mine(1);
    }

    /** Stops the node; its chain is gone. */
    @Override
    public void close() {
        rpc.close();
        process.close();
    }
}
