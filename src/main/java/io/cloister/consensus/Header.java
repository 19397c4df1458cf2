package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.List;

/**
 * What a certificate signs. Hashes have 32 bytes.
 *
 * @param round of the height in which the block was made; a later one may have decided it
 * @param timeMillis the proposer's time in milliseconds since 1970, strictly rising from block to block
 * @param parent id of the block before, the genesis id at height 1
 * @param commitHash {@link Commit#hash} of the block before, zeros at height 1
 * @param openingHash {@link Opening#hash} of the opening that the block carries, zeros without one
 * @param transactionsRoot RFC 6962 root over the digests of the block's batches
 * @param receiptsRoot the application's root over what became of them
 * @param stateRoot the application's state after this block
 * @param validatorsHash the set that signs this block
 * @param nextValidatorsHash the set that signs the next one
 * @param absent slots whose last turn to propose was missed, rising; the next heights pass them over
 * @param proposer node id of who made the block; a later round may propose it again under another name
 */
public final class Header {
    /** The hash of a part that a block does not have. */
    public static final Bytes NONE = Bytes.zeros(Limits.HASH_BYTES);

    private static final Bytes DOMAIN = Bytes.utf8("cloister/header/v1");

    private final String chainId;
    private final long epoch;
    private final long height;
    private final int round;
    private final long timeMillis;
    private final Bytes parent;
    private final Bytes commitHash;
    private final Bytes openingHash;
    private final Bytes transactionsRoot;
    private final Bytes receiptsRoot;
    private final Bytes stateRoot;
    private final Bytes validatorsHash;
    private final Bytes nextValidatorsHash;
    private final List<Integer> absent;
    private final Bytes proposer;
    private final Bytes id;

    public Header(
            String chainId,
            long epoch,
            long height,
            int round,
            long timeMillis,
            Bytes parent,
            Bytes commitHash,
            Bytes openingHash,
            Bytes transactionsRoot,
            Bytes receiptsRoot,
            Bytes stateRoot,
            Bytes validatorsHash,
            Bytes nextValidatorsHash,
            List<Integer> absent,
            Bytes proposer) {
        Limits.chainId(chainId);
        Limits.require(epoch >= 0, "epoch " + epoch);
        Limits.require(height >= 1, "height " + height);
        Limits.require(round >= 0 && round <= Limits.ROUND, "round " + round);
        Limits.require(timeMillis >= 0, "time " + timeMillis);
        Limits.length(parent, Limits.HASH_BYTES, "a parent");
        Limits.length(commitHash, Limits.HASH_BYTES, "a hash of a commit");
        Limits.length(openingHash, Limits.HASH_BYTES, "a hash of an opening");
        Limits.length(transactionsRoot, Limits.HASH_BYTES, "a transactions root");
        Limits.length(receiptsRoot, Limits.HASH_BYTES, "a receipts root");
        Limits.length(stateRoot, Limits.HASH_BYTES, "a state root");
        Limits.length(validatorsHash, Limits.HASH_BYTES, "a hash of validators");
        Limits.length(nextValidatorsHash, Limits.HASH_BYTES, "a hash of next validators");
        Limits.length(proposer, Limits.KEY_BYTES, "a proposer");
        Limits.require(absent.size() <= Limits.VALIDATORS, absent.size() + " absent slots");
        int last = 0;
        for (int slot : absent) {
            if (slot <= last) {
                throw new CodecException(Reason.NOT_CANONICAL, "absent slots not in rising order");
            }
            last = slot;
        }
        this.chainId = chainId;
        this.epoch = epoch;
        this.height = height;
        this.round = round;
        this.timeMillis = timeMillis;
        this.parent = parent;
        this.commitHash = commitHash;
        this.openingHash = openingHash;
        this.transactionsRoot = transactionsRoot;
        this.receiptsRoot = receiptsRoot;
        this.stateRoot = stateRoot;
        this.validatorsHash = validatorsHash;
        this.nextValidatorsHash = nextValidatorsHash;
        this.absent = List.copyOf(absent);
        this.proposer = proposer;
        this.id = Hashes.sha256(DOMAIN, encode());
    }

    public String chainId() {
        return chainId;
    }

    public long epoch() {
        return epoch;
    }

    public long height() {
        return height;
    }

    public int round() {
        return round;
    }

    public long timeMillis() {
        return timeMillis;
    }

    public Bytes parent() {
        return parent;
    }

    public Bytes commitHash() {
        return commitHash;
    }

    public Bytes openingHash() {
        return openingHash;
    }

    public Bytes transactionsRoot() {
        return transactionsRoot;
    }

    public Bytes receiptsRoot() {
        return receiptsRoot;
    }

    public Bytes stateRoot() {
        return stateRoot;
    }

    public Bytes validatorsHash() {
        return validatorsHash;
    }

    public Bytes nextValidatorsHash() {
        return nextValidatorsHash;
    }

    public List<Integer> absent() {
        return absent;
    }

    public Bytes proposer() {
        return proposer;
    }

    /** Whether the block begins an epoch of its own: it carries the opening. */
    public boolean opens() {
        return !openingHash.equals(NONE);
    }

    /** The block id: SHA-256 over the domain and the encoding. */
    public Bytes id() {
        return id;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Header header && header.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "header " + id + " of height " + height;
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
                .u32(round)
                .u64(timeMillis)
                .fixed(parent)
                .fixed(commitHash)
                .fixed(openingHash)
                .fixed(transactionsRoot)
                .fixed(receiptsRoot)
                .fixed(stateRoot)
                .fixed(validatorsHash)
                .fixed(nextValidatorsHash)
                .list(absent, Writer::u16)
                .fixed(proposer);
    }

    public static Header decode(Reader reader) {
        return new Header(
                reader.string(Limits.CHAIN_ID_BYTES),
                reader.u64(),
                reader.u64(),
                Limits.round(reader),
                reader.u64(),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.list(Limits.VALIDATORS, Reader::u16),
                reader.fixed(Limits.KEY_BYTES));
    }
}
