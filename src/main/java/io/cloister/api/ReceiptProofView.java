package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.receipt.ReceiptProof;
import io.cloister.ledger.receipt.bundle.Bundle;
import io.cloister.ledger.receipt.bundle.Link;
import io.cloister.ledger.receipt.bundle.LoggedSet;
import io.cloister.ledger.receipt.bundle.Standing;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The parts of a receipt's proof in binary form, as hex; those behind the fifth when an anchor was named. */
record ReceiptProofView(
        String receipt,
        String path,
        String header,
        String certificate,
        String validators,
        @Nullable String keys,
        @Nullable AnchorView anchor,
        @Nullable List<LinkView> links,
        @Nullable StandingView standing) {

    record AnchorView(long height, String validators) {}

    record LinkView(String header, @Nullable String opening, String next) {
        static LinkView of(Link link) {
            return new LinkView(
                    hex(link.header()::encode),
                    link.opening().map(it -> hex(it::encode)).orElse(null),
                    link.next().encode().to0x());
        }
    }

    record EntryView(String entry, String path) {
        static EntryView of(LoggedSet set) {
            return new EntryView(set.entry().encode().to0x(), hex(set.path()::encode));
        }
    }

    record StandingView(
            String header,
            String history,
            EntryView at,
            @Nullable EntryView after,
            List<String> members) {
        static StandingView of(Standing standing) {
            return new StandingView(
                    hex(standing.header()::encode),
                    standing.history().encode().to0x(),
                    EntryView.of(standing.at()),
                    standing.after().map(EntryView::of).orElse(null),
                    standing.members().stream().map(it -> it.encode().to0x()).toList());
        }
    }

    /** @param validators who decided the entry's block */
    static ReceiptProofView of(Receipt receipt, ChainIndex.Entry entry, ValidatorSet validators) {
        ReceiptProof proof =
                new ReceiptProof(receipt, path(receipt, entry), entry.header(), entry.certificate(), validators);
        return new ReceiptProofView(
                proof.receipt().encode().to0x(),
                proof.encodePath().to0x(),
                proof.encodeHeader().to0x(),
                proof.certificate().encode().to0x(),
                proof.validators().encode().to0x(),
                null,
                null,
                null,
                null);
    }

    static ReceiptProofView of(Bundle bundle) {
        List<KeyClaim> keys = bundle.header().keys();
        return new ReceiptProofView(
                bundle.receipt().encode().to0x(),
                hex(bundle.path()::encode),
                bundle.header().header().encode().to0x(),
                bundle.header().certificate().encode().to0x(),
                bundle.validators().encode().to0x(),
                keys.isEmpty() ? null : hex(out -> out.list(keys, (w, it) -> it.encode(w))),
                new AnchorView(
                        bundle.start().height(),
                        bundle.start().validators().encode().to0x()),
                bundle.links().stream().map(LinkView::of).toList(),
                bundle.standing().map(StandingView::of).orElse(null));
    }

    /** From the receipt to the receipts root of its block. */
    static MerkleTree.Path path(Receipt receipt, ChainIndex.Entry entry) {
        List<Bytes> leaves = entry.receipts().stream().map(Receipt::encode).toList();
        return MerkleTree.path(leaves, receipt.index());
    }

    private static String hex(Consumer<Writer> encoder) {
        Writer out = new Writer();
        encoder.accept(out);
        return out.toBytes().to0x();
    }
}
