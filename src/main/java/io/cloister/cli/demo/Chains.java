package io.cloister.cli.demo;

import io.cloister.cli.CommandFailed;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.rpc.EthereumAccount;
import io.cloister.multichain.rpc.GatewayDeployer;
import io.cloister.multichain.rpc.dev.Anvil;
import io.cloister.multichain.rpc.dev.LitecoinRegtest;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** The two chains, the people on them, and the contracts. */
final class Chains implements AutoCloseable {
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final int GUARDIANS = 3;

    private final LitecoinRegtest litecoin;
    private final Anvil anvil;
    private final SigningKey deployerKey = SigningKey.generate();
    private final SigningKey userKey = SigningKey.generate();
    private final List<SigningKey> guardianKeys =
            IntStream.range(0, GUARDIANS).mapToObj(i -> SigningKey.generate()).toList();
    private final EthereumAccount deployer;
    private final EthereumAccount user;

    private Chains(LitecoinRegtest litecoin, Anvil anvil) {
        this.litecoin = litecoin;
        this.anvil = anvil;
        this.deployer = new EthereumAccount(anvil.ethereum(), deployerKey);
        this.user = new EthereumAccount(anvil.ethereum(), userKey);
        anvil.fund(deployer.address(), ETHER.multiply(BigInteger.TEN));
        anvil.fund(user.address(), ETHER.multiply(BigInteger.TEN));
    }

    static Chains start(Workspace workspace, Path home) throws IOException {
        Path binary = Anvil.find(home).orElseThrow(() -> new CommandFailed(1, "anvil is not installed"));
        LitecoinRegtest litecoin = workspace.own("litecoind", LitecoinRegtest.start(workspace.folder("litecoin")));
        Anvil anvil = workspace.own("anvil", Anvil.start(binary, workspace.folder("anvil")));
        return workspace.own("the demo's keys", new Chains(litecoin, anvil));
    }

    LitecoinRegtest litecoin() {
        return litecoin;
    }

    Anvil anvil() {
        return anvil;
    }

    EthereumAccount user() {
        return user;
    }

    GatewayDeployer deployer() {
        return new GatewayDeployer(anvil.ethereum(), deployer);
    }

    /** Those who can spend an output after a week of silence. */
    List<SigningKey> guardians() {
        return guardianKeys;
    }

    @Override
    public void close() {
        deployerKey.close();
        userKey.close();
        guardianKeys.forEach(SigningKey::close);
    }
}
