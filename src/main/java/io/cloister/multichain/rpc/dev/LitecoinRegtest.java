package io.cloister.multichain.rpc.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloister.codec.Bytes;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.rpc.BitcoinRpc;
import io.cloister.multichain.rpc.Endpoint;
import io.cloister.multichain.rpc.JsonRpc;
import io.cloister.multichain.rpc.RpcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A Litecoin Core node of its own chain on loopback, with a wallet that mines. */
public final class LitecoinRegtest implements AutoCloseable {
    private static final String USER = "cloister";
    private static final String WALLET = "miner";
    private static final int COIN_DECIMALS = 8;

    /** Blocks until the first coinbase may be spent, and the height from which relative locks hold (432), with room. */
    private static final int FIRST_BLOCKS = 440;

    private final ChildProcess process;
    private final Endpoint endpoint;
    private final String url;
    private final JsonRpc rpc;
    private final JsonRpc wallet;

    private LitecoinRegtest(ChildProcess process, String url) {
        this.process = process;
        this.url = url;
        this.endpoint = Endpoint.parse(url);
        this.rpc = new JsonRpc(List.of(endpoint), 1, Duration.ofSeconds(60));
        this.wallet = new JsonRpc(List.of(Endpoint.parse(url + "/wallet/" + WALLET)), 1, Duration.ofSeconds(60));
        process.awaitReady(Duration.ofSeconds(60), this::answers);
        openWallet();
    }

    /** Where the package puts it. */
    public static Optional<Path> find() {
        return ChildProcess.onPath("litecoind");
    }

    /** Starts on a free port. */
    public static LitecoinRegtest start(Path folder) {
        return start(folder, ChildProcess.freePort());
    }

    /**
     * Starts a node that keeps its data in this folder; a new chain is mined up to where relative locks hold and there
     * is coin to spend.
     */
    public static LitecoinRegtest start(Path folder, int port) {
        Path program = find().orElseThrow(() -> new IllegalStateException("litecoind is not on the search path"));
        String password = configure(folder, port);
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "-regtest",
                "-datadir=" + folder.toAbsolutePath(),
                "-server",
                "-listen=0",
                "-dns=0",
                "-dnsseed=0",
                "-connect=0",
                "-upnp=0",
                "-txindex=1",
                "-dbcache=32",
                "-maxmempool=50",
                "-acceptnonstdtxn=0",
                "-addresstype=bech32",
                "-fallbackfee=0.0002",
                "-vbparams=mweb:4000000000:4100000000"));
        ChildProcess process = ChildProcess.start(command, folder.resolve("output.log"));
        try {
            LitecoinRegtest node =
                    new LitecoinRegtest(process, "http://" + USER + ":" + password + "@127.0.0.1:" + port);
            if (node.bitcoin().blockCount() < FIRST_BLOCKS) {
                node.mine(FIRST_BLOCKS);
            }
            return node;
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private static String configure(Path folder, int port) {
        byte[] secret = new byte[16];
        new SecureRandom().nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        String text = "[regtest]\nrpcbind=127.0.0.1\nrpcallowip=127.0.0.1\nrpcport=" + port + "\nrpcuser=" + USER
                + "\nrpcpassword=" + password + "\n";
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("litecoin.conf");
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return password;
    }

    private boolean answers() {
        try {
            rpc.call(Duration.ofSeconds(2), "getblockcount");
            return true;
        } catch (RpcException e) {
            return false;
        }
    }

    private void openWallet() {
        boolean loaded = false;
        for (JsonNode name : rpc.call("listwallets")) {
            loaded |= name.asText().equals(WALLET);
        }
        if (!loaded) {
            boolean exists = false;
            for (JsonNode found : rpc.call("listwalletdir").path("wallets")) {
                exists |= found.path("name").asText().equals(WALLET);
            }
            rpc.call(exists ? "loadwallet" : "createwallet", WALLET);
        }
    }

    /** URL with credentials, as a node's configuration takes it. */
    public String url() {
        return url;
    }

    public long pid() {
        return process.pid();
    }

    /** The client that nodes use too. */
    public BitcoinRpc bitcoin() {
        return new BitcoinRpc(rpc, ChainProfiles.LITECOIN_REGTEST);
    }

    /** Any method of the node. */
    public JsonNode call(String method, Object... params) {
        return rpc.call(method, params);
    }

    /** A new address of the wallet. */
    public String newAddress() {
        return wallet.call("getnewaddress").asText();
    }

    /**
     * Mines so many blocks, to a new address so that none is the twin of an invalidated one; answers the tip's hash.
     */
    public Bytes mine(int blocks) {
        JsonNode hashes = rpc.call("generatetoaddress", blocks, newAddress());
        return Bytes.hex(hashes.get(hashes.size() - 1).asText()).reversed();
    }

    /** Pays from the wallet without mining; answers the transaction's id in wire order. */
    public Bytes pay(String address, long amount) {
        BigDecimal coins = BigDecimal.valueOf(amount, COIN_DECIMALS);
        return Bytes.hex(wallet.call("sendtoaddress", address, coins).asText()).reversed();
    }

    /** What all unspent outputs at an address add up to, confirmed ones only. */
    public long balance(String address) {
        JsonNode scan = rpc.call("scantxoutset", "start", List.of("addr(" + address + ")"));
        return scan.path("total_amount")
                .decimalValue()
                .movePointRight(COIN_DECIMALS)
                .longValueExact();
    }

    /** Sets the node's clock, in seconds since the epoch; 0 gives it its own again. */
    public void mockTime(long seconds) {
        rpc.call("setmocktime", seconds);
    }

    /** Takes a block and all above it out of the best chain. */
    public void invalidate(Bytes blockHash) {
        rpc.call("invalidateblock", blockHash.reversed().toHex());
    }

    /** Stops the node; its folder stays. */
    @Override
    public void close() {
        try {
            rpc.call(Duration.ofSeconds(5), "stop");
        } catch (RpcException e) {
            // a node that no longer answers is ended below
        }
        wallet.close();
        rpc.close();
        process.close();
    }
}
