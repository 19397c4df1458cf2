package io.cloister.api;

import io.cloister.api.HeaderView.BlockView;
import io.cloister.api.HeaderView.PageView;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.history.HistoryLog;
import io.cloister.ledger.receipt.Bundler;
import io.cloister.ledger.receipt.bundle.Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers about the chain: from the stored blocks, and about receipts from the index. */
record Blocks(Chain chain, ChainIndex index) {
    private static final int TRIES = 20;

    PageView page(@Nullable String cursor, int limit) {
        List<HeaderView> blocks = new ArrayList<>();
        long height = Cursor.decode(cursor, chain.height());
        while (height >= 1 && blocks.size() < limit) {
            chain.header(height).map(this::view).ifPresent(blocks::add);
            height--;
        }
        return new PageView(blocks, height >= 1 ? Cursor.encode(height) : null);
    }

    /** The number of transactions is given where it is known without reading the block. */
    private HeaderView view(CertifiedHeader header) {
        long height = header.header().height();
        return HeaderView.of(
                header.header(),
                index.block(height).map(ChainIndex.Entry::transactions).orElse(null));
    }

    BlockView block(long height) {
        Block block = chain.block(height).orElseThrow(Blocks::unknownHeight).block();
        List<String> hashes = block.transactions().stream()
                .map(t -> Transaction.decode(t).hash().to0x())
                .toList();
        return new BlockView(HeaderView.of(block.header(), hashes.size()), hashes);
    }

    CertificateView certificate(long height) {
        return chain.header(height)
                .map(CertifiedHeader::certificate)
                .map(CertificateView::of)
                .orElseThrow(Blocks::unknownHeight);
    }

    TransactionView transaction(Bytes hash) {
        return index.receipt(hash).map(TransactionView::of).orElseGet(() -> TransactionView.unknown(hash));
    }

    ReceiptProofView receipt(Bytes hash) {
        Receipt receipt = indexed(hash);
        ValidatorSet validators = chain.validators(receipt.height()).orElseThrow(Blocks::unknownHeight);
        return ReceiptProofView.of(receipt, entry(receipt), validators);
    }

    /**
     * A receipt with the way from a set that the asker trusts. A block may become final meanwhile, so it is tried again.
     *
     * @param from height that the trusted set decided
     */
    Bundle bundle(Bytes hash, long from, Ledger ledger, HistoryLog history) {
        Receipt receipt = indexed(hash);
        MerkleTree.Path path = ReceiptProofView.path(receipt, entry(receipt));
        if (chain.header(from).isEmpty()) {
            throw unknownHeight();
        }
        for (int i = 0; i < TRIES; i++) {
            Optional<Bundle> bundle = new Bundler(new StoredChain(chain), ledger, history).bundle(receipt, path, from);
            if (bundle.isPresent()) {
                return bundle.get();
            }
        }
        throw ApiException.notFound("anchor-out-of-reach", "no way is stored from this height to the newest block");
    }

    private Receipt indexed(Bytes hash) {
        return index.receipt(hash)
                .orElseThrow(() -> ApiException.notFound(
                        "unknown-receipt", "not ordered, or not in the blocks whose receipts this node holds"));
    }

    private ChainIndex.Entry entry(Receipt receipt) {
        return index.block(receipt.height()).orElseThrow(Blocks::unknownHeight);
    }

    private static ApiException unknownHeight() {
        return ApiException.notFound("unknown-height", "no block has been decided at this height");
    }
}
