package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A whole state in memory: whatever is not in it does not exist. Block hashes are the exception; the ones not given are
 * not covered. Not thread-safe while it is filled.
 */
public final class MemoryState implements StateSource {
    private record Held(StoredAccount account, Map<Bytes, Bytes> storage) {}

    private final Map<Bytes, Held> accounts = new HashMap<>();
    private final Map<Bytes, Bytes> codes = new HashMap<>();
    private final Map<Long, Bytes> blockHashes = new HashMap<>();

    /**
     * Puts an account in place of what stands there.
     *
     * @param address 20 bytes
     * @param nonce an unsigned 64-bit number
     * @param storage values of 32 bytes by slots of 32 bytes
     */
    public MemoryState put(Bytes address, BigInteger balance, long nonce, Bytes code, Map<Bytes, Bytes> storage) {
        Bytes hash = Hashes.keccak256(code);
        Map<Bytes, Bytes> set = new HashMap<>();
        storage.forEach((slot, value) -> {
            if (!value.equals(Words.ZERO)) {
                set.put(slot, value);
            }
        });
        codes.put(hash, code);
        accounts.put(address, new Held(new StoredAccount(balance, nonce, hash, !set.isEmpty()), set));
        return this;
    }

    /** Gives the hash of a block. */
    public MemoryState putBlockHash(long number, Bytes hash) {
        blockHashes.put(number, hash);
        return this;
    }

    @Override
    public Optional<StoredAccount> account(Bytes address) {
        return Optional.ofNullable(accounts.get(address)).map(Held::account);
    }

    @Override
    public Bytes storage(Bytes address, Bytes slot) {
        Held held = accounts.get(address);
        return held == null ? Words.ZERO : held.storage().getOrDefault(slot, Words.ZERO);
    }

    @Override
    public Bytes code(Bytes codeHash) {
        Bytes code = codes.get(codeHash);
        if (code == null) {
            throw new StateNotCoveredException("code " + codeHash);
        }
        return code;
    }

    @Override
    public Bytes blockHash(long number) {
        Bytes hash = blockHashes.get(number);
        if (hash == null) {
            throw new StateNotCoveredException("the hash of block " + number);
        }
        return hash;
    }
}
