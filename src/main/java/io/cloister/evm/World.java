package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The overlay of one transaction over its {@link StateSource}: accounts and slots as they are read, changes with a
 * journal that takes them back, logs, the refund counter, warm addresses and transient storage.
 */
final class World {
    /** A point to go back to. */
    record Checkpoint(int changes, int logs, long refund) {}

    private interface Change {
        void undo();
    }

    private final StateSource source;
    private final CodeCache codes;
    private final Predicate<Address> alwaysWarm;
    private final Map<Address, Account> accounts = new HashMap<>();
    private final List<Change> journal = new ArrayList<>();
    private final List<Log> logs = new ArrayList<>();
    private long refund;

    World(StateSource source, CodeCache codes, Predicate<Address> alwaysWarm) {
        this.source = source;
        this.codes = codes;
        this.alwaysWarm = alwaysWarm;
    }

    Checkpoint checkpoint() {
        return new Checkpoint(journal.size(), logs.size(), refund);
    }

    void revertTo(Checkpoint checkpoint) {
        while (journal.size() > checkpoint.changes()) {
            journal.removeLast().undo();
        }
        while (logs.size() > checkpoint.logs()) {
            logs.removeLast();
        }
        refund = checkpoint.refund();
    }

    /** The account, perhaps not loaded yet: for what must be paid before the source is asked. */
    Account mention(Address address) {
        Account account = accounts.get(address);
        if (account == null) {
            account = new Account(address);
            account.warm = alwaysWarm.test(address);
            accounts.put(address, account);
        }
        return account;
    }

    Account account(Address address) {
        return load(mention(address));
    }

    Account load(Account account) {
        if (!account.loaded) {
            account.load(source.account(account.address.bytes()));
        }
        return account;
    }

    Collection<Account> accounts() {
        return accounts.values();
    }

    Code code(Account account) {
        Code code = account.code;
        if (code == null) {
            Bytes hash = account.codeHash;
            code = codes.get(hash, () -> source.code(hash));
            account.code = code;
        }
        return code;
    }

    Bytes blockHash(long number) {
        return source.blockHash(number);
    }

    /** Makes an address warm (EIP-2929); true when it was cold. */
    boolean warm(Account account) {
        if (account.warm) {
            return false;
        }
        account.warm = true;
        journal.add(() -> account.warm = false);
        return true;
    }

    /** Makes a slot warm (EIP-2929); true when it was cold. */
    boolean warm(Slot slot) {
        if (slot.warm) {
            return false;
        }
        slot.warm = true;
        journal.add(() -> slot.warm = false);
        return true;
    }

    void touch(Account account) {
        if (!account.touched) {
            account.touched = true;
            journal.add(() -> account.touched = false);
        }
    }

    void setBalance(Account account, BigInteger balance) {
        BigInteger before = account.balance;
        account.balance = balance;
        journal.add(() -> account.balance = before);
        touch(account);
    }

    /** Moves wei; the caller has checked that they are there. Both accounts count as touched, even for nothing. */
    void transfer(Account from, Account to, BigInteger amount) {
        touch(from);
        touch(to);
        if (amount.signum() != 0) {
            setBalance(from, from.balance.subtract(amount));
            setBalance(to, to.balance.add(amount));
        }
    }

    void incrementNonce(Account account) {
        long before = account.nonce;
        account.nonce = before + 1;
        journal.add(() -> account.nonce = before);
        touch(account);
    }

    void setCode(Account account, Code code) {
        Bytes hashBefore = account.codeHash;
        @Nullable Code codeBefore = account.code;
        boolean changedBefore = account.codeChanged;
        account.codeHash = code.hash();
        account.code = code;
        account.codeChanged = true;
        journal.add(() -> {
            account.codeHash = hashBefore;
            account.code = codeBefore;
            account.codeChanged = changedBefore;
        });
        touch(account);
    }

    void markCreated(Account account) {
        if (!account.created) {
            account.created = true;
            journal.add(() -> account.created = false);
        }
        touch(account);
    }

    void markSelfDestructed(Account account) {
        if (!account.selfDestructed) {
            account.selfDestructed = true;
            journal.add(() -> account.selfDestructed = false);
        }
        touch(account);
    }

    /** A storage slot, perhaps not loaded yet. */
    Slot mention(Account account, long key0, long key1, long key2, long key3) {
        Slot slot = account.slots.get(key0, key1, key2, key3);
        if (slot == null) {
            slot = new Slot(key0, key1, key2, key3);
            account.slots.add(slot);
        }
        return slot;
    }

    /** Reads a slot from the source the first time; an account without storage before has only zeros. */
    void load(Account account, Slot slot) {
        if (!slot.loaded) {
            Bytes value =
                    load(account).hasStorageBefore() ? source.storage(account.address.bytes(), slot.key()) : Words.ZERO;
            slot.load(Words.ofBytes(value));
        }
    }

    /** A transient slot (EIP-1153); zero at the transaction's start. */
    Slot transientSlot(Account account, long key0, long key1, long key2, long key3) {
        SlotMap slots = account.transientSlots;
        if (slots == null) {
            slots = new SlotMap();
            account.transientSlots = slots;
        }
        Slot slot = slots.get(key0, key1, key2, key3);
        if (slot == null) {
            slot = new Slot(key0, key1, key2, key3);
            slots.add(slot);
        }
        return slot;
    }

    void set(Slot slot, long v0, long v1, long v2, long v3) {
        long before0 = slot.value0;
        long before1 = slot.value1;
        long before2 = slot.value2;
        long before3 = slot.value3;
        journal.add(() -> slot.set(before0, before1, before2, before3));
        slot.set(v0, v1, v2, v3);
    }

    void addRefund(long gas) {
        refund += gas;
    }

    long refund() {
        return refund;
    }

    void log(Log log) {
        logs.add(log);
    }

    List<Log> logs() {
        return List.copyOf(logs);
    }
}
