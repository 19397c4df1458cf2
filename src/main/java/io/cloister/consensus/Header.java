package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/**
 * What a certificate signs. Hashes have 32 bytes.
 *
 * @param timeMillis the proposer's time in milliseconds since 1970, strictly rising from block to block
 * @param parent id of the block before, the genesis id at height 1
 * @param transactionsRoot RFC 6962 root over the transactions' bytes
 * @param receiptsRoot the application's root over what became of them
 * @param stateRoot the application's state after this block
 * @param validatorsHash the set that signs this block
 * @param nextValidatorsHash the set that signs the next one
 * @param proposer node id of who made the block; a later round may propose it again under another name
 */
public record Header(
        String chainId,
        long epoch,
        long height,
        long timeMillis,
        Bytes parent,
        Bytes transactionsRoot,
        Bytes receiptsRoot,
        Bytes stateRoot,
        Bytes validatorsHash,
        Bytes nextValidatorsHash,
        Bytes proposer) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/header/v1");

    public Header {
        Limits.chainId(chainId);
        Limits.require(epoch >= 0, "epoch " + epoch);
        Limits.require(height >= 1, "height " + height);
        Limits.require(timeMillis >= 0, "time " + timeMillis);
        Limits.length(parent, Limits.HASH_BYTES, "a parent");
        Limits.length(transactionsRoot, Limits.HASH_BYTES, "a transactions root");
        Limits.length(receiptsRoot, Limits.HASH_BYTES, "a receipts root");
        Limits.length(stateRoot, Limits.HASH_BYTES, "a state root");
        Limits.length(validatorsHash, Limits.HASH_BYTES, "a hash of validators");
        Limits.length(nextValidatorsHash, Limits.HASH_BYTES, "a hash of next validators");
        Limits.length(proposer, Limits.KEY_BYTES, "a proposer");
    }

    /** The block id: SHA-256 over the domain and the encoding. */
    public Bytes id() {
        return Hashes.sha256(DOMAIN, encode());
    }

    public Bytes encode() {
        Writer writer = new Writer();
        encode(writer);
        return writer.toBytes();
    }

    public void encode(Writer writer) {
        writer.string(chainId)
                .u64(epoch)
                .u64(height)
                .u64(timeMillis)
                .fixed(parent)
                .fixed(transactionsRoot)
                .fixed(receiptsRoot)
                .fixed(stateRoot)
                .fixed(validatorsHash)
                .fixed(nextValidatorsHash)
                .fixed(proposer);
    }

    public static Header decode(Reader reader) {
        return new Header(
                reader.string(Limits.CHAIN_ID_BYTES),
                reader.u64(),
                reader.u64(),
                reader.u64(),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.KEY_BYTES));
    }
}
