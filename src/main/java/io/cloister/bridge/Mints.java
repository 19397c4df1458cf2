package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.ethereum.GatewayDomain;
import io.cloister.multichain.ethereum.Mint;
import java.math.BigInteger;

/** What the contract checks and the shard signs: the EIP-712 digest of a mint. */
final class Mints {
    private Mints() {}

    static Bytes digest(Asset asset, Gateway gateway, long amount, Bytes nHash) {
        return domain(asset).mintDigest(mint(gateway, amount, nHash));
    }

    /** The mint of an accepted deposit, as the contract takes it. */
    static Mint of(Gateway gateway, Deposit deposit) {
        return mint(gateway, deposit.net(), deposit.nHash());
    }

    static GatewayDomain domain(Asset asset) {
        return new GatewayDomain(asset.evmChainId(), asset.gatewayContract());
    }

    private static Mint mint(Gateway gateway, long amount, Bytes nHash) {
        return new Mint(
                TransferHashes.payloadHash(gateway.payload()), BigInteger.valueOf(amount), gateway.recipient(), nHash);
    }
}
