package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.ethereum.GatewayDomain;
import io.cloister.multichain.ethereum.Mint;
import io.cloister.multichain.ethereum.View;
import io.cloister.multichain.rpc.EthereumRpc.Included;
import io.cloister.multichain.rpc.GatewayDeployer.Deployment;
import io.cloister.multichain.rpc.dev.Anvil;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A gateway of its own on a shared anvil, with an authority's key that stands for the committee, and 2 of 3 guardians.
 */
final class GatewayOnAnvil {
    static final long MINIMUM_BURN = 2;

    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final Anvil anvil;
    final EthereumRpc rpc;
    final SigningKey authority = SigningKey.generate();
    final EthereumAccount deployer;
    final EthereumAccount user;
    final List<EthereumAccount> guardians;
    final Deployment deployment;
    final GatewayDomain domain;

    GatewayOnAnvil(Anvil anvil, boolean withAuthority) {
        this.anvil = anvil;
        this.rpc = anvil.ethereum();
        this.deployer = account();
        this.user = account();
        this.guardians = List.of(account(), account(), account());
        GatewayDeployer maker = new GatewayDeployer(rpc, deployer);
        List<Bytes> addresses = guardians.stream().map(EthereumAccount::address).toList();
        this.deployment = maker.deploy("Cloister LTC", "cLTC", 8, addresses, 2, MINIMUM_BURN);
        this.domain = new GatewayDomain(ChainProfiles.ETHEREUM_DEV.chainId(), deployment.gateway());
        if (withAuthority) {
            send(deployer, GatewayCalls.initializeAuthority(EthereumAddress.of(authority.publicKey())));
        }
    }

    EthereumAccount account() {
        EthereumAccount account = new EthereumAccount(rpc, SigningKey.generate());
        anvil.fund(account.address(), ETHER);
        return account;
    }

    /** Sends and mines at once. */
    Included send(EthereumAccount from, Bytes data) {
        Bytes hash = from.submit(Optional.of(deployment.gateway()), data);
        anvil.mine(1);
        return from.await(hash, PATIENCE);
    }

    Mint mint(long amount, Bytes to, int deposit) {
        return new Mint(
                Hashes.keccak256(),
                BigInteger.valueOf(amount),
                to,
                Hashes.keccak256(new Writer().u32(deposit).toBytes()));
    }

    Signature signed(Mint mint) {
        return authority.sign(domain.mintDigest(mint));
    }

    <T> T read(View<T> view) {
        return rpc.read(deployment.gateway(), view);
    }

    BigInteger balance(Bytes holder) {
        return rpc.read(deployment.asset(), GatewayCalls.balanceOf(holder));
    }
}
