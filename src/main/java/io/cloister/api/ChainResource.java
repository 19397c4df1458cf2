package io.cloister.api;

import io.cloister.api.HeaderView.BlockView;
import io.cloister.api.HeaderView.PageView;
import io.cloister.codec.Bytes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
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
        int rows = Input.limit(limit);
        return blocks().page(cursor, rows);
    }

    @GET
    @Path("blocks/{height}")
    public BlockView getBlock(@PathParam("height") String height) {
        long wanted = Input.height("height", height);
        return blocks().block(wanted);
    }

    @GET
    @Path("certificates/{height}")
    public CertificateView getCertificate(@PathParam("height") String height) {
        long wanted = Input.height("height", height);
        return blocks().certificate(wanted);
    }

    @GET
    @Path("transactions/{hash}")
    public TransactionView getTransaction(@PathParam("hash") String hash) {
        Bytes wanted = Input.hash("hash", hash);
        return blocks().transaction(wanted);
    }

    @GET
    @Path("receipts/{hash}")
    public ReceiptProofView getReceipt(@PathParam("hash") String hash) {
        Bytes wanted = Input.hash("hash", hash);
        return blocks().receipt(wanted);
    }

    private Blocks blocks() {
        return new Blocks(Chain.of(node), index);
    }
}
