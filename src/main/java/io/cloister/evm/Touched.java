package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.evm.SimulationResult.SlotChange;
import io.cloister.evm.SimulationResult.Status;
import io.cloister.evm.SimulationResult.TouchedAccount;
import java.math.BigInteger;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the touched accounts out of a world at the end of a transaction. */
final class Touched {
    private Touched() {}

    static SortedMap<Bytes, TouchedAccount> of(World world) {
        SortedMap<Bytes, TouchedAccount> accounts = new TreeMap<>();
        for (Account account : world.accounts()) {
            if (account.touched) {
                accounts.put(account.address.bytes(), account.selfDestructed ? gone(account) : kept(account));
            }
        }
        return accounts;
    }

    private static TouchedAccount gone(Account account) {
        return new TouchedAccount(
                BigInteger.ZERO, 0, Code.EMPTY_HASH, Optional.empty(), new TreeMap<>(), status(account));
    }

    private static TouchedAccount kept(Account account) {
        SortedMap<Bytes, SlotChange> storage = new TreeMap<>();
        account.slots.forEach(slot -> {
            if (!slot.isOriginal()) {
                storage.put(slot.key(), new SlotChange(slot.original(), slot.value()));
            }
        });
        Optional<Bytes> code =
                account.codeChanged ? Optional.ofNullable(account.code).map(Code::raw) : Optional.empty();
        return new TouchedAccount(account.balance, account.nonce, account.codeHash, code, storage, status(account));
    }

    private static Status status(Account account) {
        return new Status(true, account.stored.isEmpty(), account.created, account.selfDestructed);
    }
}
