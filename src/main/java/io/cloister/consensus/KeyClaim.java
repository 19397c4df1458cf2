package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The short form of a {@link Statement}: which vote key a slot has from a recovery on, signed by its slot key. An honest
 * slot signs one for each recovery number.
 *
 * @param fromEpoch epoch that the slot leaves for good
 * @param recovery number of the recovery, which is the number of the epoch that it opens
 * @param voteKey compressed key, 33 bytes
 * @param bootCounter of the boot that the vote key belongs to
 * @param evidenceHash SHA-256 of the evidence for the boot's keys
 * @param baseHash SHA-256 of the encoded base of the statement
 * @param polkaHash SHA-256 of the encoded polka of the statement
 * @param signature of the slot key, 65 bytes
 */
public record KeyClaim(
        String chainId,
        long fromEpoch,
        long recovery,
        int slot,
        Bytes voteKey,
        long bootCounter,
        Bytes evidenceHash,
        Bytes baseHash,
        Bytes polkaHash,
        Bytes signature) {
    /** Stands where a signature will be. */
    public static final Bytes UNSIGNED = Bytes.zeros(Limits.SIGNATURE_BYTES);

    private static final Bytes DOMAIN = Bytes.utf8("cloister/recovery/v1");

    public KeyClaim {
        Limits.chainId(chainId);
        Limits.require(fromEpoch >= 0 && recovery > fromEpoch, "recovery " + recovery + " from epoch " + fromEpoch);
        Limits.require(slot >= 1 && slot <= 0xffff, "slot " + slot);
        Limits.length(voteKey, Limits.KEY_BYTES, "a vote key");
        Limits.require(bootCounter >= 0, "boot counter " + bootCounter);
        Limits.length(evidenceHash, Limits.HASH_BYTES, "a hash of evidence");
        Limits.length(baseHash, Limits.HASH_BYTES, "a hash of a base");
        Limits.length(polkaHash, Limits.HASH_BYTES, "a hash of a polka");
        Limits.length(signature, Limits.SIGNATURE_BYTES, "a signature");
    }

    /** What the slot key signs, 32 bytes. */
    public Bytes digest() {
        return Hashes.sha256(DOMAIN, unsigned().toBytes());
    }

    private Writer unsigned() {
        return new Writer()
                .string(chainId)
                .u64(fromEpoch)
                .u64(recovery)
                .u16(slot)
                .fixed(voteKey)
                .u64(bootCounter)
                .fixed(evidenceHash)
                .fixed(baseHash)
                .fixed(polkaHash);
    }

    public KeyClaim signed(Bytes by) {
        return new KeyClaim(
                chainId, fromEpoch, recovery, slot, voteKey, bootCounter, evidenceHash, baseHash, polkaHash, by);
    }

    /**
     * Whether this slot of the set may take these keys: signed by its slot key, and of the boot that is registered or of
     * a newer one.
     */
    public boolean isGenuine(ValidatorSet set, SignatureCheck check) {
        return isCurrent(set)
                && set.bySlot(slot)
                        .filter(it -> check.genuine(it.nodeId(), digest(), signature))
                        .isPresent();
    }

    /** Whether it is of the boot that is registered in the set or of a newer one; the signature is not looked at. */
    public boolean isCurrent(ValidatorSet set) {
        return set.bySlot(slot)
                .filter(it -> bootCounter > it.bootCounter()
                        || (bootCounter == it.bootCounter() && voteKey.equals(it.voteKey())))
                .isPresent();
    }

    /** For each slot its claim of the newer boot; of the later list where both are of the same. */
    public static List<KeyClaim> newest(List<KeyClaim> earlier, List<KeyClaim> later) {
        SortedMap<Integer, KeyClaim> newest = new TreeMap<>();
        earlier.forEach(it -> newest.put(it.slot(), it));
        later.forEach(
                it -> newest.merge(it.slot(), it, (old, now) -> old.bootCounter() > now.bootCounter() ? old : now));
        return List.copyOf(newest.values());
    }

    /**
     * The set with the claimed keys in place of those of the same slots. Slots without a claim keep their keys.
     *
     * @return empty when a claim is of another chain or recovery, is not genuine, stands twice or takes another slot's key
     */
    public static Optional<ValidatorSet> apply(
            ValidatorSet set, String chainId, long recovery, List<KeyClaim> claims, SignatureCheck check) {
        return apply(set, chainId, Set.of(recovery), claims, check);
    }

    /** The same for claims of several recoveries. */
    static Optional<ValidatorSet> apply(
            ValidatorSet set, String chainId, Set<Long> recoveries, List<KeyClaim> claims, SignatureCheck check) {
        for (KeyClaim claim : claims) {
            boolean known = set.bySlot(claim.slot()).isPresent();
            boolean fits = claim.chainId().equals(chainId) && recoveries.contains(claim.recovery());
            if (!fits || (known && !claim.isGenuine(set, check))) {
                return Optional.empty();
            }
        }
        return replaced(set, claims);
    }

    /** The same for claims that were checked before. Slots that are not in the set are passed over. */
    public static Optional<ValidatorSet> replaced(ValidatorSet set, List<KeyClaim> claims) {
        Map<Integer, KeyClaim> bySlot = new HashMap<>();
        for (KeyClaim claim : claims) {
            if (bySlot.put(claim.slot(), claim) != null) {
                return Optional.empty();
            }
        }
        List<Validator> renewed = new ArrayList<>();
        for (Validator old : set.validators()) {
            KeyClaim claim = bySlot.get(old.slot());
            renewed.add(
                    claim == null || claim.bootCounter() <= old.bootCounter()
                            ? old
                            : new Validator(
                                    old.slot(), old.nodeId(), claim.voteKey(), old.weight(), claim.bootCounter()));
        }
        long keys = renewed.stream().map(Validator::voteKey).distinct().count();
        return keys == renewed.size() ? Optional.of(new ValidatorSet(renewed)) : Optional.empty();
    }

    public void encode(Writer writer) {
        writer.fixed(unsigned().toBytes()).fixed(signature);
    }

    public static KeyClaim decode(Reader reader) {
        return new KeyClaim(
                reader.string(Limits.CHAIN_ID_BYTES),
                reader.u64(),
                reader.u64(),
                reader.u16(),
                reader.fixed(Limits.KEY_BYTES),
                reader.u64(),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.HASH_BYTES),
                reader.fixed(Limits.SIGNATURE_BYTES));
    }
}
