package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.ethereum.EthereumTransaction.Type;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads raw transactions; low s (EIP-2) and a sender that can be recovered are part of being well-formed. */
final class TransactionDecoder {
    private static final Rlp.Limits LIMITS = new Rlp.Limits(1 << 20, 4, 1 << 16);
    private static final int[] FIELDS = {9, 11, 12, 14, 13};

    private TransactionDecoder() {}

    static SignedTransaction decode(Bytes raw) {
        if (raw.isEmpty()) {
            throw new CodecException(Reason.TRUNCATED, "an empty transaction");
        }
        int first = raw.at(0) & 0xff;
        Type type = Type.LEGACY;
        Bytes payload = raw;
        if (first < 0xc0) {
            if (first == 0 || first >= Type.values().length) {
                throw new CodecException(Reason.UNKNOWN, "a transaction of type " + first);
            }
            type = Type.values()[first];
            payload = raw.slice(1, raw.length() - 1);
        }
        List<Item> fields = EthereumTransaction.fields(Rlp.decode(payload, LIMITS), FIELDS[type.ordinal()]);
        BigInteger v = fields.get(fields.size() - 3).asNumber(32);
        Optional<BigInteger> chainId = type == Type.LEGACY
                ? legacyChainId(v)
                : Optional.of(fields.getFirst().asNumber(32));
        EthereumTransaction transaction = read(type, chainId, fields.iterator());
        Signature signature = signature(fields, parity(type, v));
        Bytes sender = Ecdsa.recover(transaction.signingDigest(), signature)
                .map(EthereumAddress::of)
                .orElseThrow(() -> new CodecException(Reason.OUT_OF_RANGE, "a signature of nobody"));
        return new SignedTransaction(transaction, signature, sender, raw, Hashes.keccak256(raw));
    }

    private static EthereumTransaction read(Type type, Optional<BigInteger> chainId, Iterator<Item> fields) {
        if (type != Type.LEGACY) {
            fields.next(); // the chain id
        }
        long nonce = fields.next().asLong();
        BigInteger priority = fields.next().asNumber(32);
        BigInteger cap =
                type.ordinal() >= Type.DYNAMIC_FEE.ordinal() ? fields.next().asNumber(32) : priority;
        long gasLimit = fields.next().asLong();
        Bytes to = fields.next().asBytes();
        BigInteger value = fields.next().asNumber(32);
        Bytes data = fields.next().asBytes();
        List<AccessListEntry> accessList = type == Type.LEGACY
                ? List.of()
                : fields.next().asList().stream().map(AccessListEntry::fromRlp).toList();
        BigInteger blobFee = type == Type.BLOB ? fields.next().asNumber(32) : BigInteger.ZERO;
        List<Bytes> blobs = type == Type.BLOB
                ? fields.next().asList().stream().map(hash -> hash.asFixed(32)).toList()
                : List.of();
        List<Authorization> authorizations = type == Type.SET_CODE
                ? fields.next().asList().stream().map(Authorization::fromRlp).toList()
                : List.of();
        if (to.isEmpty() && (type == Type.BLOB || type == Type.SET_CODE)) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a transaction of this type cannot create a contract");
        }
        return new EthereumTransaction(
                type,
                chainId,
                nonce,
                priority,
                cap,
                gasLimit,
                to.isEmpty() ? Optional.empty() : Optional.of(to),
                value,
                data,
                accessList,
                blobFee,
                blobs,
                authorizations);
    }

    private static Optional<BigInteger> legacyChainId(BigInteger v) {
        int small = v.bitLength() < 31 ? v.intValue() : Integer.MAX_VALUE;
        if (small == 27 || small == 28) {
            return Optional.empty();
        }
        if (small < 35) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a signature's v of " + v);
        }
        return Optional.of(v.subtract(BigInteger.valueOf(35)).shiftRight(1));
    }

    private static int parity(Type type, BigInteger v) {
        if (type == Type.LEGACY) { // odd for 27, and for 35 plus an even number
            return v.testBit(0) ? 0 : 1;
        }
        if (v.bitLength() > 1) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a parity of " + v);
        }
        return v.intValue();
    }

    private static Signature signature(List<Item> fields, int parity) {
        BigInteger r = fields.get(fields.size() - 2).asNumber(32);
        BigInteger s = fields.getLast().asNumber(32);
        if (!Authorization.isScalar(r) || !Authorization.isScalar(s)) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a signature outside the group order");
        }
        Signature signature = new Signature(Scalar.of(r), Scalar.of(s), parity);
        if (!signature.isLowS()) {
            throw new CodecException(Reason.NOT_CANONICAL, "a signature with high s");
        }
        return signature;
    }
}
