package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Rlp.Item;
import java.util.List;

/**
 * An account and storage keys that a transaction announces (EIP-2930).
 *
 * @param address 20 bytes
 * @param storageKeys of 32 bytes each
 */
public record AccessListEntry(Bytes address, List<Bytes> storageKeys) {
    public AccessListEntry {
        address = EthereumTransaction.requireLength(address, 20);
        storageKeys = storageKeys.stream()
                .map(key -> EthereumTransaction.requireLength(key, 32))
                .toList();
    }

    Item toRlp() {
        return Rlp.list(
                Rlp.text(address), Rlp.list(storageKeys.stream().map(Rlp::text).toList()));
    }

    static AccessListEntry fromRlp(Item item) {
        List<Item> fields = EthereumTransaction.fields(item, 2);
        return new AccessListEntry(
                fields.getFirst().asFixed(20),
                fields.get(1).asList().stream().map(key -> key.asFixed(32)).toList());
    }
}
