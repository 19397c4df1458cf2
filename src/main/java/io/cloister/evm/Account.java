package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.evm.StateSource.StoredAccount;
import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An account as the running transaction sees it. It can be warm before it is loaded: access is paid for before the
 * source is asked. Only {@link World} writes to it, so that each change is journaled.
 */
final class Account {
    final Address address;
    final SlotMap slots = new SlotMap();
    boolean loaded;
    Optional<StoredAccount> stored = Optional.empty();
    BigInteger balance = BigInteger.ZERO;
    long nonce;
    Bytes codeHash = Code.EMPTY_HASH;

    @Nullable
    Code code;

    boolean codeChanged;
    boolean warm;
    boolean touched;
    boolean created;
    boolean selfDestructed;

    @Nullable
    SlotMap transientSlots;

    Account(Address address) {
        this.address = address;
    }

    void load(Optional<StoredAccount> account) {
        loaded = true;
        stored = account;
        account.ifPresent(it -> {
            balance = it.balance();
            nonce = it.nonce();
            codeHash = it.codeHash();
        });
    }

    /** EIP-161: no balance, no nonce, no code. */
    boolean isEmpty() {
        return nonce == 0 && balance.signum() == 0 && codeHash.equals(Code.EMPTY_HASH);
    }

    boolean hasStorageBefore() {
        return stored.isPresent() && stored.get().hasStorage();
    }

    /** Whether a contract cannot be created here (EIP-684, EIP-7610). */
    boolean collides() {
        return nonce != 0 || !codeHash.equals(Code.EMPTY_HASH) || hasStorageBefore();
    }
}
