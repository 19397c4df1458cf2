package io.cloister.cli.demo;

import io.cloister.client.model.Shard;
import io.cloister.codec.Bytes;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Point;
import io.cloister.multichain.ethereum.GatewayCalls;
import java.time.Duration;
import java.util.Optional;

/** The distributed key, its pool, and the contract's authority. */
final class KeysStep implements Step {
    private static final int POOL = 4;

    @Override
    public String title() {
        return "distributed key generation, presignatures, authority";
    }

    @Override
    public void run(Demo demo, Progress progress) throws Exception {
        Shard shard = Waiting.until(progress, "the shard's key", Demo.PATIENCE, () -> shard(demo, 0, true));
        Bytes key = Bytes.hex(CheckFailed.present(shard.getPublicKey(), "public key"));
        Bytes address = EthereumAddress.of(Point.decode(key));
        for (int i = 1; i < Demo.NODES; i++) {
            int index = i;
            Shard same = Waiting.until(
                    progress, "node " + (i + 1) + " to know the key", Demo.PATIENCE, () -> shard(demo, index, true));
            CheckFailed.unless(
                    key.equals(Bytes.hex(CheckFailed.present(same.getPublicKey(), "public key"))),
                    "node " + (i + 1) + " has another key");
        }
        progress.checked("four nodes agree on the shard's public key " + key.to0x());
        CheckFailed.unless(
                EthereumAddress.checksum(address).equalsIgnoreCase(shard.getAddress()),
                "the shard's address is not its key's");
        progress.checked(shard.getThreshold() + " of " + shard.getMembers() + " shares sign; address "
                + EthereumAddress.checksum(address));
        progress.waiting("the contract's authority to be set");
        demo.chains().deployer().initializeAuthority(demo.asset().gatewayContract(), address);
        Bytes authority =
                demo.chains().anvil().ethereum().read(demo.asset().gatewayContract(), GatewayCalls.authority());
        CheckFailed.unless(authority.equals(address), "the contract has another authority");
        progress.checked("the gateway contract's authority is the shard's address");
        Shard stocked = Waiting.until(
                progress,
                "the pool of presignatures",
                Duration.ofSeconds(90),
                () -> shard(demo, 0, true).filter(s -> s.getPool() >= POOL));
        progress.checked(stocked.getPool() + " presignatures in the pool");
    }

    static Optional<Shard> shard(Demo demo, int node, boolean ready) throws Exception {
        return demo.node(node).network().listShards().stream()
                .filter(s -> !ready || Boolean.TRUE.equals(s.getReady()))
                .findFirst();
    }
}
