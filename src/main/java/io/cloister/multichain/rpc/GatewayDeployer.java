package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.rpc.EthereumRpc.Included;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Creates a gateway with its asset, and names the first authority. */
public final class GatewayDeployer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EthereumRpc rpc;
    private final EthereumAccount deployer;

    public GatewayDeployer(EthereumRpc rpc, EthereumAccount deployer) {
        this.rpc = rpc;
        this.deployer = deployer;
    }

    /**
     * What was created.
     *
     * @param block the first that can hold an event of the gateway
     */
    public record Deployment(Bytes gateway, Bytes asset, BlockRef block, long gasUsed) {}

    /**
     * Deploys a gateway without authority.
     *
     * @param guardians 20 bytes each, in any order
     * @param threshold guardians that together may replace a silent authority
     * @param minimumBurn smallest amount that can be burnt, at least 1
     */
    public Deployment deploy(
            String name, String symbol, int decimals, List<Bytes> guardians, int threshold, long minimumBurn) {
        Bytes arguments = GatewayCalls.constructor(
                name, symbol, decimals, guardians.stream().sorted().toList(), threshold, minimumBurn);
        Bytes code =
                Bytes.concat(ContractArtifact.load(ContractArtifact.GATEWAY).bytecode(), arguments);
        Included included = deployer.await(deployer.submit(Optional.empty(), code), PATIENCE);
        Bytes gateway = included.created()
                .filter(created -> included.receipt().success())
                .orElseThrow(() -> new RpcException(Reason.UNVERIFIED, "the gateway was not created"));
        return new Deployment(gateway, rpc.read(gateway, GatewayCalls.asset()), included.block(), included.gasUsed());
    }

    /** Names the first authority; only the deployer can, and only once. */
    public Included initializeAuthority(Bytes gateway, Bytes authority) {
        return deployer.send(gateway, GatewayCalls.initializeAuthority(authority), PATIENCE);
    }
}
