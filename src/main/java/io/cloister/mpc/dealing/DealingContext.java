package io.cloister.mpc.dealing;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.mpc.Committee;
import io.cloister.mpc.sharing.SharingKind;
import java.util.List;
import java.util.Optional;

/**
 * What one transcript is bound to. Its digest for a dealer enters every proof, key derivation and signature about that
 * dealer's dealing. It holds slots and encryption keys, never vote keys.
 *
 * @param label what the transcript is for ({@code signing}, {@code beacon}, empty for presignatures)
 * @param instance number of the instance on the board, unique in a chain
 * @param width keys or presignatures in one dealing
 * @param receivers every slot 1..n with the key that its ciphertext is encrypted to
 */
public record DealingContext(
        String chainId,
        long epoch,
        InstanceKind kind,
        String label,
        long instance,
        int width,
        List<Receiver> receivers) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/mpc/context/v1");
    private static final Bytes SUPPORT = Bytes.utf8("cloister/mpc/support/v1");

    /** A slot and its 33-byte encryption key. */
    public record Receiver(int slot, Bytes key) {}

    public DealingContext {
        receivers = List.copyOf(receivers);
    }

    public int size() {
        return receivers.size();
    }

    public int threshold() {
        return Committee.thresholdOf(size());
    }

    public List<SharingKind> sharings() {
        return kind.sharings(width);
    }

    public Optional<Receiver> receiver(int slot) {
        return slot >= 1 && slot <= size() ? Optional.of(receivers.get(slot - 1)) : Optional.empty();
    }

    /** 32 bytes that name the instance and everything that its dealings share. */
    public Bytes instanceDigest() {
        return digest(0);
    }

    /** 32 bytes that name a dealer's part in the instance (ctx in docs/mpc.md). */
    public Bytes digest(int dealer) {
        Writer writer = new Writer()
                .bytes(DOMAIN)
                .string(chainId)
                .u64(epoch)
                .string(kind.label())
                .string(label)
                .u64(instance)
                .u32(width)
                .u16(threshold())
                .u16(dealer)
                .list(receivers, (w, r) -> w.u16(r.slot()).bytes(r.key()));
        return Hashes.sha256(writer.toBytes());
    }

    /** What a member signs with its vote key to say that it holds a valid share of this dealing. */
    public Bytes supportDigest(int dealer, Bytes dealingId) {
        return Hashes.sha256(new Writer()
                .bytes(SUPPORT)
                .bytes(digest(dealer))
                .bytes(dealingId)
                .toBytes());
    }
}
