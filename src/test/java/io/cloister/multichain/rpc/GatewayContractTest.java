package io.cloister.multichain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.ethereum.GatewayCalls;
import io.cloister.multichain.ethereum.GatewayDomain;
import io.cloister.multichain.ethereum.GatewayEvent;
import io.cloister.multichain.ethereum.GatewayEvent.AuthorityChanged;
import io.cloister.multichain.ethereum.GatewayEvent.Burned;
import io.cloister.multichain.ethereum.GatewayEvent.Minted;
import io.cloister.multichain.ethereum.Mint;
import io.cloister.multichain.rpc.EthereumRpc.Included;
import io.cloister.multichain.rpc.dev.Anvil;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AnvilChain.class)
class GatewayContractTest {
    private static final Bytes RECIPIENT = Bytes.utf8("rltc1qexample");

    @Test
    void mintsOnceForADepositToWhomTheAuthorityNamed(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        Bytes recipient = on.account().address();
        Mint mint = on.mint(150_000, recipient, 1);
        Signature signature = on.signed(mint);
        assertThat(on.read(GatewayCalls.mintDigest(mint))).isEqualTo(on.domain.mintDigest(mint));

        Included included = on.send(on.user, GatewayCalls.mint(mint, signature));
        assertThat(included.receipt().success()).isTrue();
        assertThat(events(on, included))
                .containsExactly(
                        new Minted(recipient, BigInteger.valueOf(150_000), mint.depositHash(), mint.payloadHash()));
        assertThat(on.balance(recipient)).isEqualTo(150_000);
        assertThat(on.read(GatewayCalls.spent(mint.depositHash()))).isTrue();

        refused(() -> on.send(on.user, GatewayCalls.mint(mint, signature)), "Replay()");
        Mint more = on.mint(150_001, recipient, 1);
        refused(() -> on.send(on.user, GatewayCalls.mint(more, on.signed(more))), "Replay()");
        assertThat(on.balance(recipient)).isEqualTo(150_000);
    }

    @Test
    void refusesAMintThatTheAuthorityDidNotSignAsItStands(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        Mint mint = on.mint(1_000, on.user.address(), 2);
        Signature good = on.signed(mint);
        Mint more = on.mint(1_001, on.user.address(), 2);
        Mint thief = on.mint(1_000, on.deployer.address(), 2);
        Mint other = on.mint(1_000, on.user.address(), 3);
        for (Mint changed : List.of(more, thief, other)) {
            refused(() -> on.send(on.user, GatewayCalls.mint(changed, good)), "BadSignature()");
        }
        Signature highS = new Signature(good.r(), good.s().negate(), 1 - good.recoveryId());
        refused(() -> on.send(on.user, GatewayCalls.mint(mint, highS)), "BadSignature()");
        Signature zero = new Signature(Scalar.ONE, Scalar.ONE, 0);
        refused(() -> on.send(on.user, GatewayCalls.mint(mint, zero)), "BadSignature()");
        for (GatewayDomain elsewhere : List.of(
                new GatewayDomain(1, on.deployment.gateway()), new GatewayDomain(31337, on.deployment.asset()))) {
            Signature foreign = on.authority.sign(elsewhere.mintDigest(mint));
            refused(() -> on.send(on.user, GatewayCalls.mint(mint, foreign)), "BadSignature()");
        }
        assertThat(on.read(GatewayCalls.spent(mint.depositHash()))).isFalse();
        assertThat(on.send(on.user, GatewayCalls.mint(mint, good)).receipt().success())
                .isTrue();
    }

    @Test
    void takesItsFirstAuthorityOnceAndFromItsDeployerOnly(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, false);
        Bytes first = EthereumAddress.of(on.authority.publicKey());
        Mint mint = on.mint(1, on.user.address(), 4);
        refused(() -> on.send(on.user, GatewayCalls.mint(mint, on.signed(mint))), "NoAuthority()");
        refused(() -> on.send(on.guardians.getFirst(), GatewayCalls.voteAuthority(first)), "NoAuthority()");
        refused(() -> on.send(on.user, GatewayCalls.initializeAuthority(first)), "OnlyDeployer()");
        refused(() -> on.send(on.deployer, GatewayCalls.initializeAuthority(Bytes.zeros(20))), "ZeroAuthority()");
        on.send(on.deployer, GatewayCalls.initializeAuthority(first));
        assertThat(on.read(GatewayCalls.authority())).isEqualTo(first);
        refused(
                () -> on.send(on.deployer, GatewayCalls.initializeAuthority(on.deployer.address())),
                "AuthorityAlreadySet()");
    }

    @Test
    void rotatesByTheOldKeyAndNeverTwiceByOneSignature(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        SigningKey next = SigningKey.generate();
        Bytes old = EthereumAddress.of(on.authority.publicKey());
        Bytes successor = EthereumAddress.of(next.publicKey());
        BigInteger nonce = on.read(GatewayCalls.authorityNonce());
        Bytes digest = on.domain.rotationDigest(successor, nonce);

        refused(() -> on.send(on.user, GatewayCalls.rotateAuthority(successor, next.sign(digest))), "BadSignature()");
        Signature signature = on.authority.sign(digest);
        refused(() -> on.send(on.user, GatewayCalls.rotateAuthority(old, signature)), "BadSignature()");
        Included included = on.send(on.user, GatewayCalls.rotateAuthority(successor, signature));
        assertThat(events(on, included)).containsExactly(new AuthorityChanged(old, successor, nonce, false));
        assertThat(on.read(GatewayCalls.authority())).isEqualTo(successor);
        refused(() -> on.send(on.user, GatewayCalls.rotateAuthority(successor, signature)), "BadSignature()");

        Mint mint = on.mint(5, on.user.address(), 5);
        refused(() -> on.send(on.user, GatewayCalls.mint(mint, on.signed(mint))), "BadSignature()");
        on.send(on.user, GatewayCalls.mint(mint, next.sign(on.domain.mintDigest(mint))));
        assertThat(on.balance(on.user.address())).isEqualTo(5);
    }

    @Test
    void guardiansReplaceTheAuthorityAfterAWeekOfSilenceOnly(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        Bytes authority = EthereumAddress.of(on.authority.publicKey());
        Bytes candidate = on.account().address();
        EthereumAccount first = on.guardians.get(0);
        EthereumAccount third = on.guardians.get(2);
        refused(() -> on.send(first, GatewayCalls.voteAuthority(candidate)), "TooEarly(uint64)");
        anvil.advance(Duration.ofDays(6));
        refused(() -> on.send(first, GatewayCalls.voteAuthority(candidate)), "TooEarly(uint64)");
        anvil.advance(Duration.ofDays(1));
        refused(() -> on.send(on.user, GatewayCalls.voteAuthority(candidate)), "OnlyGuardian()");
        on.send(first, GatewayCalls.voteAuthority(candidate));
        refused(() -> on.send(first, GatewayCalls.voteAuthority(candidate)), "AlreadyVoted()");

        heartbeat(on, authority);
        refused(() -> on.send(third, GatewayCalls.voteAuthority(candidate)), "TooEarly(uint64)");
        anvil.advance(Duration.ofDays(7).plusSeconds(5));
        on.send(third, GatewayCalls.voteAuthority(candidate));
        assertThat(on.read(GatewayCalls.authority()))
                .as("the vote before the sign of life does not count")
                .isEqualTo(authority);
        BigInteger nonce = on.read(GatewayCalls.authorityNonce());
        Included included = on.send(first, GatewayCalls.voteAuthority(candidate));
        assertThat(events(on, included)).contains(new AuthorityChanged(authority, candidate, nonce, true));
        assertThat(on.read(GatewayCalls.authority())).isEqualTo(candidate);
        refused(() -> on.send(third, GatewayCalls.voteAuthority(third.address())), "TooEarly(uint64)");
    }

    private static void heartbeat(GatewayOnAnvil on, Bytes authority) {
        Bytes digest = on.domain.rotationDigest(authority, on.read(GatewayCalls.authorityNonce()));
        on.send(on.user, GatewayCalls.rotateAuthority(authority, on.authority.sign(digest)));
    }

    @Test
    void burnsForAnybodyWithinBoundsAndCounts(Anvil anvil) {
        GatewayOnAnvil on = new GatewayOnAnvil(anvil, true);
        assertThat(on.read(GatewayCalls.minimumBurn())).isEqualTo(GatewayOnAnvil.MINIMUM_BURN);
        Mint mint = on.mint(100, on.user.address(), 6);
        on.send(on.user, GatewayCalls.mint(mint, on.signed(mint)));
        for (int i = 0; i < 2; i++) {
            Included included = on.send(on.user, GatewayCalls.burn(RECIPIENT, BigInteger.valueOf(30)));
            assertThat(events(on, included))
                    .containsExactly(new Burned(RECIPIENT, BigInteger.valueOf(30), i, on.user.address()));
        }
        assertThat(on.balance(on.user.address())).isEqualTo(40);
        assertThat(on.rpc.read(on.deployment.asset(), GatewayCalls.totalSupply()))
                .isEqualTo(40);
        refused(
                () -> on.send(
                        on.user, GatewayCalls.burn(RECIPIENT, BigInteger.valueOf(GatewayOnAnvil.MINIMUM_BURN - 1))),
                "BelowMinimum(uint256)");
        refused(() -> on.send(on.user, GatewayCalls.burn(Bytes.EMPTY, BigInteger.valueOf(30))), "BadRecipient()");
        refused(() -> on.send(on.user, GatewayCalls.burn(Bytes.zeros(129), BigInteger.valueOf(30))), "BadRecipient()");
        refused(
                () -> on.send(on.user, GatewayCalls.burn(RECIPIENT, BigInteger.valueOf(41))),
                "ERC20InsufficientBalance(address,uint256,uint256)");
        Bytes direct = Bytes.concat(
                Hashes.keccak256(Bytes.utf8("mint(address,uint256)")).slice(0, 4),
                on.user.address().padLeft(32),
                Bytes.of((byte) 1).padLeft(32));
        refused(() -> on.user.submit(Optional.of(on.deployment.asset()), direct), "OnlyGateway()");
    }

    private static List<GatewayEvent> events(GatewayOnAnvil on, Included included) {
        return included.receipt().logs().stream()
                .filter((Log log) -> log.address().equals(on.deployment.gateway()))
                .flatMap(log -> GatewayEvent.decode(log).stream())
                .toList();
    }

    private static void refused(ThrowingCallable call, String error) {
        Bytes selector = Hashes.keccak256(Bytes.utf8(error)).slice(0, 4);
        assertThatThrownBy(call)
                .as(error)
                .isInstanceOfSatisfying(
                        RpcException.class,
                        refusal -> assertThat(refusal.data().startsWith(selector))
                                .as(error + " instead of " + refusal.data())
                                .isTrue());
    }
}
