package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An Ethereum block header up to Osaka. Each optional field belongs to a fork and needs all those before it: base fee
 * (EIP-1559), withdrawals (EIP-4895), blob gas (EIP-4844), beacon root (EIP-4788), requests (EIP-7685).
 *
 * @param timestamp seconds since the epoch
 */
public record BlockHeader(
        Bytes parentHash,
        Bytes ommersHash,
        Bytes beneficiary,
        Bytes stateRoot,
        Bytes transactionsRoot,
        Bytes receiptsRoot,
        Bytes logsBloom,
        BigInteger difficulty,
        long number,
        long gasLimit,
        long gasUsed,
        long timestamp,
        Bytes extraData,
        Bytes mixHash,
        Bytes nonce,
        Optional<BigInteger> baseFeePerGas,
        Optional<Bytes> withdrawalsRoot,
        Optional<Long> blobGasUsed,
        Optional<Long> excessBlobGas,
        Optional<Bytes> parentBeaconBlockRoot,
        Optional<Bytes> requestsHash) {
    private static final int MANDATORY = 15;
    private static final int MOST = 21;
    private static final int MAX_LENGTH = 16 << 10;

    public BlockHeader {
        boolean gap = false;
        for (Optional<?> field : List.of(
                baseFeePerGas, withdrawalsRoot, blobGasUsed, excessBlobGas, parentBeaconBlockRoot, requestsHash)) {
            if (gap && field.isPresent()) {
                throw new CodecException(Reason.NOT_CANONICAL, "a header field without the ones before it");
            }
            gap = field.isEmpty();
        }
    }

    /**
     * Reads a header.
     *
     * @throws CodecException UNKNOWN when it has fewer fields than a header or more than this release knows
     */
    public static BlockHeader decode(Bytes rlp) {
        List<Item> fields =
                Rlp.decode(rlp, new Rlp.Limits(MAX_LENGTH, 1, MOST + 2)).asList();
        if (fields.size() < MANDATORY || fields.size() > MOST) {
            throw new CodecException(Reason.UNKNOWN, "a header of " + fields.size() + " fields");
        }
        return new BlockHeader(
                fields.get(0).asFixed(32),
                fields.get(1).asFixed(32),
                fields.get(2).asFixed(20),
                fields.get(3).asFixed(32),
                fields.get(4).asFixed(32),
                fields.get(5).asFixed(32),
                fields.get(6).asFixed(256),
                fields.get(7).asNumber(32),
                fields.get(8).asLong(),
                fields.get(9).asLong(),
                fields.get(10).asLong(),
                fields.get(11).asLong(),
                fields.get(12).asBytes(),
                fields.get(13).asFixed(32),
                fields.get(14).asFixed(8),
                later(fields, 15).map(item -> item.asNumber(32)),
                later(fields, 16).map(item -> item.asFixed(32)),
                later(fields, 17).map(Item::asLong),
                later(fields, 18).map(Item::asLong),
                later(fields, 19).map(item -> item.asFixed(32)),
                later(fields, 20).map(item -> item.asFixed(32)));
    }

    public Bytes encode() {
        List<Item> fields = new ArrayList<>(List.of(
                Rlp.text(parentHash),
                Rlp.text(ommersHash),
                Rlp.text(beneficiary),
                Rlp.text(stateRoot),
                Rlp.text(transactionsRoot),
                Rlp.text(receiptsRoot),
                Rlp.text(logsBloom),
                Rlp.number(difficulty)));
        fields.addAll(List.of(
                Rlp.number(number),
                Rlp.number(gasLimit),
                Rlp.number(gasUsed),
                Rlp.number(timestamp),
                Rlp.text(extraData),
                Rlp.text(mixHash),
                Rlp.text(nonce)));
        baseFeePerGas.map(Rlp::number).ifPresent(fields::add);
        withdrawalsRoot.map(Rlp::text).ifPresent(fields::add);
        blobGasUsed.map(gas -> Rlp.number(gas.longValue())).ifPresent(fields::add);
        excessBlobGas.map(gas -> Rlp.number(gas.longValue())).ifPresent(fields::add);
        parentBeaconBlockRoot.map(Rlp::text).ifPresent(fields::add);
        requestsHash.map(Rlp::text).ifPresent(fields::add);
        return Rlp.encode(Rlp.list(fields));
    }

    /** The block hash: keccak256 of the encoding. */
    public Bytes hash() {
        return Hashes.keccak256(encode());
    }

    private static Optional<Item> later(List<Item> fields, int index) {
        return index < fields.size() ? Optional.of(fields.get(index)) : Optional.empty();
    }
}
