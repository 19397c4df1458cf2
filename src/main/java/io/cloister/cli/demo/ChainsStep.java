package io.cloister.cli.demo;

import io.cloister.bridge.Asset;
import io.cloister.bridge.genesis.AssetsFile;
import io.cloister.codec.Bytes;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.rpc.GatewayDeployer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Databases, chains and contracts. */
final class ChainsStep implements Step {
    private static final long COIN = 100_000_000L;
    private static final int THRESHOLD = 2;
    private static final long MINIMUM_BURN = 50_000;

    @Override
    public String title() {
        return "PostgreSQL, Litecoin Core regtest, anvil, contracts";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        Workspace workspace = demo.workspace();
        progress.waiting("PostgreSQL to start");
        Databases databases = workspace.own("PostgreSQL", Databases.start(workspace.folder("postgres"), Demo.NODES));
        demo.databases(databases);
        progress.checked(
                "PostgreSQL " + databases.version() + " with " + Demo.NODES + " databases, port " + databases.port());
        progress.waiting("Litecoin Core and anvil to start");
        Chains chains = Chains.start(workspace, demo.options().home());
        demo.chains(chains);
        progress.checked(
                "Litecoin Core regtest at height " + chains.litecoin().bitcoin().blockCount());
        chains.anvil().ethereum().requireChain();
        progress.checked(
                "anvil, chain id " + chains.anvil().ethereum().profile().chainId() + ", at height "
                        + chains.anvil().ethereum().blockNumber());
        progress.waiting("the contracts to be deployed");
        deploy(demo, chains, progress);
    }

    private static void deploy(Demo demo, Chains chains, Progress progress) throws Exception {
        List<Bytes> guardians = chains.guardians().stream()
                .map(k -> EthereumAddress.of(k.publicKey()))
                .toList();
        GatewayDeployer.Deployment deployed =
                chains.deployer().deploy("Cloister Litecoin", "cLTC", 8, guardians, THRESHOLD, MINIMUM_BURN);
        Bytes authority = chains.anvil().ethereum().read(deployed.gateway(), GatewayCalls.authority());
        CheckFailed.unless(authority.equals(Bytes.zeros(20)), "the gateway contract has an authority already");
        BigInteger minimum = chains.anvil().ethereum().read(deployed.gateway(), GatewayCalls.minimumBurn());
        CheckFailed.unless(minimum.longValueExact() == MINIMUM_BURN, "the contract has another minimum for burns");
        Asset asset = new Asset(
                "LTC",
                ChainProfiles.LITECOIN_REGTEST.name(),
                84_000_000L * COIN,
                ChainProfiles.ETHEREUM_DEV.name(),
                ChainProfiles.ETHEREUM_DEV.chainId(),
                deployed.gateway(),
                deployed.asset(),
                20,
                10,
                100_000,
                MINIMUM_BURN,
                1_000 * COIN,
                1_000,
                100_000,
                Duration.ofHours(48).toMillis(),
                THRESHOLD,
                chains.guardians().stream().map(SigningKey::id).toList());
        demo.asset(asset);
        AssetsFile assets = new AssetsFile(
                List.of(asset),
                Map.of(
                        asset.chain(), chains.litecoin().bitcoin().blockCount(),
                        asset.evmChain(), deployed.block().height()));
        Files.writeString(demo.workspace().folder().resolve("assets.json"), assets.toJson());
        progress.checked("gateway contract " + EthereumAddress.checksum(deployed.gateway()) + " and token "
                + EthereumAddress.checksum(deployed.asset()) + ", without authority");
    }
}
