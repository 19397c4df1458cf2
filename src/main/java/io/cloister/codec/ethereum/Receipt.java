package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.crypto.Hashes;
import java.util.List;

/**
 * A transaction's receipt since Byzantium, alone (type 0) or in an envelope (EIP-2718).
 *
 * @param type the transaction's type, 0 to 127
 * @param success whether it ran to its end (EIP-658)
 * @param cumulativeGasUsed gas of the block up to and with this transaction
 * @param bloom 256 bytes over addresses and topics
 */
public record Receipt(int type, boolean success, long cumulativeGasUsed, Bytes bloom, List<Log> logs) {
    private static final int BLOOM_LENGTH = 256;

    public Receipt {
        if (type < 0 || type > 0x7f) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a transaction type of " + type);
        }
        logs = List.copyOf(logs);
    }

    /** A receipt with the bloom of its logs. */
    public static Receipt of(int type, boolean success, long cumulativeGasUsed, List<Log> logs) {
        return new Receipt(type, success, cumulativeGasUsed, bloom(logs), logs);
    }

    /**
     * Reads a receipt as it stands in the receipts' trie. The bloom is not compared with the logs.
     *
     * @throws CodecException UNKNOWN for a receipt from before Byzantium, and for whatever is no receipt
     */
    public static Receipt decode(Bytes envelope) {
        if (envelope.isEmpty()) {
            throw new CodecException(Reason.TRUNCATED, "an empty receipt");
        }
        int first = envelope.at(0) & 0xff;
        boolean typed = first <= 0x7f;
        Bytes payload = typed ? envelope.slice(1, envelope.length() - 1) : envelope;
        List<Item> fields = Rlp.decode(payload).asList();
        if (fields.size() != 4) {
            throw new CodecException(Reason.UNKNOWN, "a receipt of " + fields.size() + " fields");
        }
        if (typed && first == 0) {
            throw new CodecException(Reason.NOT_CANONICAL, "an envelope of type 0");
        }
        return new Receipt(
                typed ? first : 0,
                success(fields.getFirst()),
                fields.get(1).asLong(),
                fields.get(2).asFixed(BLOOM_LENGTH),
                fields.get(3).asList().stream().map(Log::fromRlp).toList());
    }

    /** The receipt as it stands in the receipts' trie. */
    public Bytes encode() {
        Bytes payload = Rlp.encode(Rlp.list(
                Rlp.number(success ? 1 : 0),
                Rlp.number(cumulativeGasUsed),
                Rlp.text(bloom),
                Rlp.list(logs.stream().map(Log::toRlp).toList())));
        return type == 0 ? payload : Bytes.concat(Bytes.of((byte) type), payload);
    }

    /** The 2048-bit bloom of logs (Yellow Paper section 4.3.1). */
    public static Bytes bloom(List<Log> logs) {
        byte[] bloom = new byte[BLOOM_LENGTH];
        for (Log log : logs) {
            mark(bloom, log.address());
            log.topics().forEach(topic -> mark(bloom, topic));
        }
        return Bytes.wrap(bloom);
    }

    private static void mark(byte[] bloom, Bytes entry) {
        Bytes hash = Hashes.keccak256(entry);
        for (int i = 0; i < 6; i += 2) {
            int bit = ((hash.at(i) & 0x7) << 8) | hash.at(i + 1) & 0xff;
            bloom[BLOOM_LENGTH - 1 - bit / 8] |= (byte) (1 << bit % 8);
        }
    }

    private static boolean success(Item status) {
        if (status.asBytes().length() == 32) {
            throw new CodecException(Reason.UNKNOWN, "a receipt from before Byzantium");
        }
        long code = status.asLong();
        if (code > 1) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a status of " + code);
        }
        return code == 1;
    }
}
