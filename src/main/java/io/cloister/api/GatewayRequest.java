package io.cloister.api;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Gateway;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Writer;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.View;
import io.cloister.multichain.AddressRefused;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import org.jspecify.annotations.Nullable;

/** Asks for a gateway. Nothing of it is believed before {@link #checked}. */
public record GatewayRequest(
        @Nullable String asset,
        @Nullable String from,
        @Nullable String to,
        @Nullable String recipient,
        @Nullable String payload,
        @Nullable String nonce) {
    private static final int MAX_NAME = 32;
    private static final int MAX_ADDRESS = 100;
    private static final long DAY_MILLIS = 86_400_000L;

    /** What the request means. */
    record Checked(Asset asset, Bytes recipient, Bytes payload, Bytes nonce) {

        /** The gateway's id (docs/multichain.md). */
        Bytes gHash() {
            return TransferHashes.gatewayHash(
                    TransferHashes.payloadHash(payload),
                    TransferHashes.selectorHash(asset.symbol(), ChainProfiles.named(asset.evmChain())),
                    recipient,
                    nonce);
        }
    }

    /**
     * @param nowMillis block time, which gives the day of a derived nonce
     * @throws ApiException 400 for what the contract does not allow
     */
    Checked checked(View state, long nowMillis) {
        String symbol = Input.text("asset", asset, MAX_NAME);
        Asset known = BridgeState.asset(state, symbol)
                .orElseThrow(() -> ApiException.badRequest("unknown-asset", "there is no asset of this symbol"));
        requireRoute(state, known);
        Bytes to20 = recipient(Input.text("recipient", recipient, MAX_ADDRESS));
        Bytes data = payload == null ? Bytes.EMPTY : Input.bytes("payload", payload, 0, Gateway.MAX_PAYLOAD);
        Bytes given = nonce == null ? derivedNonce(symbol, to20, nowMillis) : Input.hash("nonce", nonce);
        return new Checked(known, to20, data, given);
    }

    private void requireRoute(View state, Asset known) {
        requireChain("from", Input.text("from", from, MAX_NAME), state);
        requireChain("to", Input.text("to", to, MAX_NAME), state);
        if (!known.chain().equals(from) || !known.evmChain().equals(to)) {
            throw ApiException.badRequest(
                    "no-such-route",
                    known.symbol() + " goes from " + known.chain() + " to " + known.evmChain() + " only");
        }
    }

    private static void requireChain(String field, String name, View state) {
        boolean known = BridgeState.assets(state).stream()
                .anyMatch(a -> a.chain().equals(name) || a.evmChain().equals(name));
        if (!known) {
            throw ApiException.badRequest("unknown-chain", field + ": this network does not serve that chain");
        }
    }

    /** An address with the checksum of EIP-55 or in lower case; all upper case has no checksum and is refused. */
    static Bytes recipient(String text) {
        try {
            Bytes address = EthereumAddress.parse(text);
            if (text.equals(address.to0x()) || text.equals(EthereumAddress.checksum(address))) {
                if (address.equals(Bytes.zeros(address.length()))) {
                    throw ApiException.badRequest("recipient-is-zero", "nobody holds the zero address");
                }
                return address;
            }
        } catch (CodecException e) {
            if (e.reason() == CodecException.Reason.NOT_CANONICAL) {
                throw ApiException.badRequest("address-malformed", "recipient: the checksum (EIP-55) is wrong");
            }
            requireNoOtherNetwork(text);
        }
        throw ApiException.badRequest(
                "address-malformed",
                "recipient: 0x and 40 hexadecimal digits, with checksum (EIP-55) or in lower case");
    }

    private static void requireNoOtherNetwork(String text) {
        for (BitcoinProfile profile : ChainProfiles.bitcoinFamily()) {
            try {
                BitcoinAddress.toScript(profile, text);
            } catch (AddressRefused e) {
                continue;
            }
            throw ApiException.badRequest(
                    "address-of-another-network",
                    "recipient: an address of " + profile.name() + ", not of an EVM chain");
        }
    }

    /** The same request on the same day of block time is the same gateway, whichever node is asked. */
    static Bytes derivedNonce(String asset, Bytes recipient, long nowMillis) {
        return Hashes.sha256(new Writer()
                .string("cloister/gateway-nonce/v1")
                .string(asset)
                .fixed(recipient)
                .u64(nowMillis / DAY_MILLIS)
                .toBytes());
    }
}
