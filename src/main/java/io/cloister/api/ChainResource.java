package io.cloister.api;

import io.cloister.api.HeaderView.BlockView;
import io.cloister.api.HeaderView.PageView;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.engine.Engine;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chain: headers, certificates, transactions, and receipts that anybody can check without this node. */
@Path("")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ChainResource {
    @Inject
    private NodeServices node;

    @Inject
    private ChainIndex index;

    @GET
    @Path("blocks")
    public PageView listBlocks(
            @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        Chain chain = Chain.of(node);
        int wanted = Input.limit(limit);
        List<HeaderView> blocks = new ArrayList<>();
        long height = Cursor.decode(cursor, chain.engine().height());
        while (height >= 1 && blocks.size() < wanted) {
            chain.header(height)
                    .map(h -> HeaderView.of(
                            h,
                            index.block(h.height())
                                    .map(ChainIndex.Entry::transactions)
                                    .orElse(null)))
                    .ifPresent(blocks::add);
            height--;
        }
        return new PageView(blocks, height >= 1 ? Cursor.encode(height) : null);
    }

    @GET
    @Path("blocks/{height}")
    public BlockView getBlock(@PathParam("height") String height) {
        Block block = engine().block(Input.height("height", height))
                .orElseThrow(ChainResource::unknownHeight)
                .block();
        List<String> hashes = block.transactions().stream()
                .map(t -> Transaction.decode(t).hash().to0x())
                .toList();
        return new BlockView(HeaderView.of(block.header(), hashes.size()), hashes);
    }

    @GET
    @Path("certificates/{height}")
    public CertificateView getCertificate(@PathParam("height") String height) {
        return engine().certificate(Input.height("height", height))
                .map(CertificateView::of)
                .orElseThrow(ChainResource::unknownHeight);
    }

    @GET
    @Path("transactions/{hash}")
    public TransactionView getTransaction(@PathParam("hash") String hash) {
        Bytes wanted = Input.hash("hash", hash);
        return index.receipt(wanted).map(TransactionView::of).orElseGet(() -> TransactionView.unknown(wanted));
    }

    @GET
    @Path("receipts/{hash}")
    public ReceiptProofView getReceipt(@PathParam("hash") String hash) {
        Receipt receipt = index.receipt(Input.hash("hash", hash))
                .orElseThrow(() -> ApiException.notFound(
                        "unknown-receipt", "not ordered, or not in the blocks whose receipts this node holds"));
        ChainIndex.Entry entry = index.block(receipt.height()).orElseThrow(ChainResource::unknownHeight);
        ValidatorSet validators =
                engine().validators(receipt.height()).orElseThrow(ChainResource::unknownHeight);
        return ReceiptProofView.of(receipt, entry, validators);
    }

    private Engine engine() {
        return Ready.require(node, node.engine());
    }

    private static ApiException unknownHeight() {
        return ApiException.notFound("unknown-height", "no block has been decided at this height");
    }
}
