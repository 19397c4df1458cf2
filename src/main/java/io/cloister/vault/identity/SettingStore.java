package io.cloister.vault.identity;

import io.cloister.codec.Bytes;
import io.cloister.vault.hibernate.Transactions;
import java.util.Optional;

/** Named values of up to 64 KiB that the node keeps for itself, sealed at the identity level. Not for keys. */
public final class SettingStore {
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUE = 64 << 10;

    private final Transactions transactions;

    public SettingStore(Transactions transactions) {
        this.transactions = transactions;
    }

    public void put(String name, Bytes value) {
        int length = Bytes.utf8(name).length();
        if (length == 0 || length > MAX_NAME || value.length() > MAX_VALUE) {
            throw new IllegalArgumentException("no setting: " + name);
        }
        transactions.run(manager -> {
            SettingEntity kept = Optional.ofNullable(manager.find(SettingEntity.class, name))
                    .orElseGet(() -> new SettingEntity(name));
            kept.replace(value.toArray());
            if (!manager.contains(kept)) {
                manager.persist(kept);
            }
            return name;
        });
    }

    public Optional<Bytes> get(String name) {
        return transactions.run(manager ->
                Optional.ofNullable(manager.find(SettingEntity.class, name)).map(it -> Bytes.of(it.value())));
    }
}
