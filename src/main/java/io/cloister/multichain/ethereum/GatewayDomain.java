package io.cloister.multichain.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.multichain.ethereum.TypedData.Field;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * One gateway contract on one chain: the EIP-712 domain that all its signatures are bound to.
 *
 * @param chainId EIP-155 id
 * @param contract 20 bytes
 */
public record GatewayDomain(long chainId, Bytes contract) {
    private static final String NAME = "Cloister Gateway";
    private static final String VERSION = "1";

    private static final TypedData TYPES = new TypedData(Map.of(
            "EIP712Domain",
            List.of(
                    new Field("string", "name"),
                    new Field("string", "version"),
                    new Field("uint256", "chainId"),
                    new Field("address", "verifyingContract")),
            "Mint",
            List.of(
                    new Field("bytes32", "pHash"),
                    new Field("uint256", "amount"),
                    new Field("address", "to"),
                    new Field("bytes32", "nHash")),
            "RotateAuthority",
            List.of(new Field("address", "newAuthority"), new Field("uint256", "nonce"))));

    public GatewayDomain {
        if (contract.length() != 20) {
            throw new IllegalArgumentException("a contract's address has 20 bytes");
        }
    }

    private Bytes separator() {
        return TYPES.hashStruct(
                "EIP712Domain",
                Map.of(
                        "name", NAME,
                        "version", VERSION,
                        "chainId", BigInteger.valueOf(chainId),
                        "verifyingContract", contract));
    }

    /**
     * The 32 bytes that the authority signs for a mint: Mint(bytes32 pHash,uint256 amount,address to,bytes32 nHash).
     */
    public Bytes mintDigest(Mint mint) {
        Bytes struct = TYPES.hashStruct(
                "Mint",
                Map.of(
                        "pHash", mint.payloadHash(),
                        "amount", mint.amount(),
                        "to", mint.to(),
                        "nHash", mint.depositHash()));
        return TypedData.digest(separator(), struct);
    }

    /**
     * The 32 bytes that the present authority signs to name its successor or, as a sign of life, itself:
     * RotateAuthority(address newAuthority,uint256 nonce).
     *
     * @param nonce the contract's {@code authorityNonce}
     */
    public Bytes rotationDigest(Bytes newAuthority, BigInteger nonce) {
        Bytes struct = TYPES.hashStruct("RotateAuthority", Map.of("newAuthority", newAuthority, "nonce", nonce));
        return TypedData.digest(separator(), struct);
    }
}
