package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Signature;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An Ethereum transaction without its signature. Fields that a type does not have are empty or zero.
 *
 * @param chainId empty only for a legacy transaction from before EIP-155
 * @param maxPriorityFeePerGas equal to {@code maxFeePerGas} where the type has one gas price
 * @param to 20 bytes; empty for the creation of a contract
 * @param value in wei
 */
public record EthereumTransaction(
        Type type,
        Optional<BigInteger> chainId,
        long nonce,
        BigInteger maxPriorityFeePerGas,
        BigInteger maxFeePerGas,
        long gasLimit,
        Optional<Bytes> to,
        BigInteger value,
        Bytes data,
        List<AccessListEntry> accessList,
        BigInteger maxFeePerBlobGas,
        List<Bytes> blobVersionedHashes,
        List<Authorization> authorizations) {

    /** Transaction types; the ordinal is the envelope's type byte (EIP-2718). */
    public enum Type {
        /** One gas price, with chain id (EIP-155) or without. */
        LEGACY,
        /** One gas price and an access list (EIP-2930). */
        ACCESS_LIST,
        /** A priority fee under a cap (EIP-1559). */
        DYNAMIC_FEE,
        /** With blobs (EIP-4844); read, and never with its blobs. */
        BLOB,
        /** With authorizations to set code (EIP-7702). */
        SET_CODE
    }

    public EthereumTransaction {
        if (type != Type.LEGACY && chainId.isEmpty()) {
            throw new IllegalArgumentException("a typed transaction without chain id");
        }
        if (nonce < 0 || gasLimit < 0) {
            throw new IllegalArgumentException("a negative nonce or gas limit");
        }
        to.ifPresent(address -> requireLength(address, 20));
        accessList = List.copyOf(accessList);
        blobVersionedHashes = List.copyOf(blobVersionedHashes);
        authorizations = List.copyOf(authorizations);
    }

    /** A legacy transaction bound to a chain (EIP-155). */
    public static EthereumTransaction legacy(
            BigInteger chainId,
            long nonce,
            BigInteger gasPrice,
            long gasLimit,
            Optional<Bytes> to,
            BigInteger value,
            Bytes data) {
        return new EthereumTransaction(
                Type.LEGACY,
                Optional.of(chainId),
                nonce,
                gasPrice,
                gasPrice,
                gasLimit,
                to,
                value,
                data,
                List.of(),
                BigInteger.ZERO,
                List.of(),
                List.of());
    }

    /** A transaction with a priority fee (EIP-1559). */
    public static EthereumTransaction dynamicFee(
            BigInteger chainId,
            long nonce,
            BigInteger maxPriorityFeePerGas,
            BigInteger maxFeePerGas,
            long gasLimit,
            Optional<Bytes> to,
            BigInteger value,
            Bytes data,
            List<AccessListEntry> accessList) {
        return new EthereumTransaction(
                Type.DYNAMIC_FEE,
                Optional.of(chainId),
                nonce,
                maxPriorityFeePerGas,
                maxFeePerGas,
                gasLimit,
                to,
                value,
                data,
                accessList,
                BigInteger.ZERO,
                List.of(),
                List.of());
    }

    /** The 32 bytes that the sender signs. */
    public Bytes signingDigest() {
        List<Item> fields = fields();
        if (type != Type.LEGACY) {
            return Hashes.keccak256(envelope(fields));
        }
        chainId.ifPresent(id -> fields.addAll(List.of(Rlp.number(id), Rlp.number(0), Rlp.number(0))));
        return Hashes.keccak256(Rlp.encode(Rlp.list(fields)));
    }

    /** The bytes that a node takes as raw transaction. */
    public Bytes encodeSigned(Signature signature) {
        if (signature.recoveryId() < 0 || signature.recoveryId() > 1 || !signature.isLowS()) {
            throw new IllegalArgumentException("Ethereum needs low s and a recovery id of 0 or 1");
        }
        List<Item> fields = fields();
        BigInteger parity = BigInteger.valueOf(signature.recoveryId());
        BigInteger v = type != Type.LEGACY
                ? parity
                : parity.add(chainId.map(id -> id.shiftLeft(1).add(BigInteger.valueOf(35)))
                        .orElse(BigInteger.valueOf(27)));
        fields.add(Rlp.number(v));
        fields.add(Rlp.number(signature.r().toBigInteger()));
        fields.add(Rlp.number(signature.s().toBigInteger()));
        return type == Type.LEGACY ? Rlp.encode(Rlp.list(fields)) : envelope(fields);
    }

    /** Reads a raw transaction and recovers its sender. */
    public static SignedTransaction decode(Bytes raw) {
        return TransactionDecoder.decode(raw);
    }

    private Bytes envelope(List<Item> fields) {
        return Bytes.concat(Bytes.of((byte) type.ordinal()), Rlp.encode(Rlp.list(fields)));
    }

    private List<Item> fields() {
        List<Item> fields = new ArrayList<>();
        if (type != Type.LEGACY) {
            fields.add(Rlp.number(chainId.orElseThrow()));
        }
        fields.add(Rlp.number(nonce));
        if (type.ordinal() >= Type.DYNAMIC_FEE.ordinal()) {
            fields.add(Rlp.number(maxPriorityFeePerGas));
        }
        fields.add(Rlp.number(maxFeePerGas));
        fields.add(Rlp.number(gasLimit));
        fields.add(Rlp.text(to.orElse(Bytes.EMPTY)));
        fields.add(Rlp.number(value));
        fields.add(Rlp.text(data));
        if (type != Type.LEGACY) {
            fields.add(Rlp.list(accessList.stream().map(AccessListEntry::toRlp).toList()));
        }
        if (type == Type.BLOB) {
            fields.add(Rlp.number(maxFeePerBlobGas));
            fields.add(Rlp.list(blobVersionedHashes.stream().map(Rlp::text).toList()));
        }
        if (type == Type.SET_CODE) {
            fields.add(
                    Rlp.list(authorizations.stream().map(Authorization::toRlp).toList()));
        }
        return fields;
    }

    static List<Item> fields(Item item, int count) {
        List<Item> fields = item.asList();
        if (fields.size() != count) {
            throw new CodecException(Reason.UNKNOWN, fields.size() + " fields where " + count + " are expected");
        }
        return fields;
    }

    static Bytes requireLength(Bytes bytes, int length) {
        if (bytes.length() != length) {
            throw new CodecException(Reason.OUT_OF_RANGE, bytes.length() + " bytes where " + length + " are expected");
        }
        return bytes;
    }
}
