package io.cloister.api;

import io.cloister.consensus.Header;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decided header. */
record HeaderView(
        String chainId,
        long epoch,
        long height,
        String id,
        String time,
        String parent,
        int round,
        String commitHash,
        String openingHash,
        String transactionsRoot,
        String receiptsRoot,
        String stateRoot,
        String validatorsHash,
        String nextValidatorsHash,
        List<Integer> absent,
        String proposer,
        @Nullable Integer transactions) {

    /** Headers, newest first. */
    record PageView(List<HeaderView> blocks, @Nullable String cursor) {}

    /** A header and the hashes of its transactions. */
    record BlockView(HeaderView header, List<String> transactions) {}

    /** @param transactions how many, where that is known without reading the block */
    static HeaderView of(Header header, @Nullable Integer transactions) {
        return new HeaderView(
                header.chainId(),
                header.epoch(),
                header.height(),
                header.id().to0x(),
                Chain.time(header.timeMillis()),
                header.parent().to0x(),
                header.round(),
                header.commitHash().to0x(),
                header.openingHash().to0x(),
                header.transactionsRoot().to0x(),
                header.receiptsRoot().to0x(),
                header.stateRoot().to0x(),
                header.validatorsHash().to0x(),
                header.nextValidatorsHash().to0x(),
                header.absent(),
                header.proposer().to0x(),
                transactions);
    }
}
