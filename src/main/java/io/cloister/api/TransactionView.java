package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a transaction stands and what it did. */
record TransactionView(
        String hash,
        String status,
        @Nullable Long height,
        @Nullable Integer index,
        @Nullable Integer module,
        @Nullable Integer kind,
        @Nullable String code,
        @Nullable List<EventView> events) {

    record EventView(String name, String data) {}

    static TransactionView of(Receipt receipt) {
        return new TransactionView(
                receipt.transactionHash().to0x(),
                "committed",
                receipt.height(),
                receipt.index(),
                receipt.module(),
                receipt.kind(),
                receipt.code(),
                receipt.events().stream()
                        .map(e -> new EventView(e.name(), e.data().to0x()))
                        .toList());
    }

    /** Not ordered, or ordered before this node's boot. */
    static TransactionView unknown(Bytes hash) {
        return new TransactionView(hash.to0x(), "unknown", null, null, null, null, null, null);
    }
}
