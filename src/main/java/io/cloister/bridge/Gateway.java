package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.multichain.bitcoin.GatewayScript;

/**
 * A deposit address with its meaning: whoever pays to the script gives the asset to the recipient on the EVM chain.
 *
 * @param gHash 32 bytes over payload, asset, recipient and nonce; the gateway's id
 * @param recipient 20-byte address on the EVM chain
 * @param nonce 32 bytes
 * @param expiryMillis time of the last block whose payments are taken
 * @param script what the address commits to
 */
public record Gateway(
        Bytes gHash,
        String asset,
        Bytes recipient,
        Bytes payload,
        Bytes nonce,
        long createdMillis,
        long expiryMillis,
        GatewayScript script) {
    /** Longest payload in bytes. */
    public static final int MAX_PAYLOAD = 4_096;

    Gateway until(long newExpiryMillis) {
        return new Gateway(gHash, asset, recipient, payload, nonce, createdMillis, newExpiryMillis, script);
    }

    void encode(Writer out) {
        out.fixed(gHash)
                .string(asset)
                .fixed(recipient)
                .bytes(payload)
                .fixed(nonce)
                .u64(createdMillis)
                .u64(expiryMillis);
        script.encode(out);
    }

    static Gateway decode(Reader in) {
        return new Gateway(
                in.fixed(32),
                in.string(32),
                in.fixed(20),
                in.bytes(MAX_PAYLOAD),
                in.fixed(32),
                in.u64(),
                in.u64(),
                GatewayScript.decode(in));
    }
}
