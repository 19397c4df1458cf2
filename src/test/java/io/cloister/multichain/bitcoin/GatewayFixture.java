package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import java.util.List;

/** A shard key that stands for the committee, and two of three guardians. */
public final class GatewayFixture {
    public final BitcoinProfile profile = ChainProfiles.LITECOIN_REGTEST;
    public final SigningKey shard = SigningKey.generate();
    public final List<SigningKey> guardianKeys =
            List.of(SigningKey.generate(), SigningKey.generate(), SigningKey.generate());

    public Guardians guardians() {
        return new Guardians(2, guardianKeys.stream().map(SigningKey::publicKey).toList());
    }

    public Point shardKey() {
        return shard.publicKey();
    }

    public GatewayScript gateway(String name) {
        return GatewayScript.of(profile, Hashes.keccak256(Bytes.utf8(name)), shardKey(), guardians());
    }

    public GatewayScript vault() {
        return GatewayScript.vault(profile, shardKey(), guardians());
    }

    public GatewaySpend spend(List<GatewayCoin> coins, List<TxOutput> outputs) {
        return GatewaySpend.of(coins, outputs, TxInput.REPLACEABLE);
    }

    public BitcoinTransaction signed(GatewaySpend spend) {
        return spend.assemble(spend.digests().stream().map(shard::sign).toList());
    }
}
