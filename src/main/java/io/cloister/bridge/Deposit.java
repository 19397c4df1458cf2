package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Signature;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.Optional;

/**
 * An accepted deposit.
 *
 * @param amount what was paid
 * @param fee bridge fee taken
 * @param digest EIP-712 digest of the mint, what the shard signs
 * @param paidMillis time in the payment's block
 * @param acceptedHeight block that accepted it
 * @param signature by the shard, once there
 * @param refunded whether it is given back instead of minted; for good
 */
public record Deposit(
        OutPoint outpoint,
        Bytes gHash,
        Bytes nHash,
        long amount,
        long fee,
        Bytes digest,
        long paidMillis,
        long acceptedHeight,
        Optional<Signature> signature,
        boolean refunded) {

    /** What is minted. */
    public long net() {
        return amount - fee;
    }

    /** Id of the signing request of its mint. */
    public Bytes mintRequest() {
        return Ids.mintRequest(nHash);
    }

    Deposit signed(Signature by) {
        return new Deposit(
                outpoint, gHash, nHash, amount, fee, digest, paidMillis, acceptedHeight, Optional.of(by), refunded);
    }

    Deposit givenBack() {
        return new Deposit(outpoint, gHash, nHash, amount, fee, digest, paidMillis, acceptedHeight, signature, true);
    }

    void encode(Writer out) {
        out.fixed(Ids.key(outpoint))
                .fixed(gHash)
                .fixed(nHash)
                .u64(amount)
                .u64(fee)
                .fixed(digest)
                .u64(paidMillis)
                .u64(acceptedHeight)
                .optional(signature, (w, s) -> w.fixed(s.recoverable()))
                .bool(refunded);
    }

    static Deposit decode(Reader in) {
        return new Deposit(
                OutPoint.decode(in),
                in.fixed(32),
                in.fixed(32),
                in.u64(),
                in.u64(),
                in.fixed(32),
                in.u64(),
                in.u64(),
                in.optional(r -> Signature.decodeRecoverable(r.fixed(65))),
                in.bool());
    }
}
