package io.cloister.api;

import io.cloister.api.HeaderView.BlockView;
import io.cloister.api.HeaderView.PageView;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.history.HistoryLog;
import io.cloister.ledger.receipt.bundle.Bundle;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The chain: headers, certificates, transactions, and receipts that anybody can check without this node. */
@Path("")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ChainResource {
    private static final String COSE = "application/cose";

    private final ClientLimits bundleLimit = new ClientLimits(20, 2, new RateLimit(50, 20));
    private final HistoryLog history = new HistoryLog();

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
    @Produces({MediaType.APPLICATION_JSON, COSE})
    public Response getReceipt(
            @PathParam("hash") String hash,
            @QueryParam("anchor") @Nullable String anchor,
            @Context HttpHeaders headers,
            @Context HttpServletRequest connection) {
        Bytes wanted = Input.hash("hash", hash);
        boolean cose = isCose(headers);
        if (anchor == null && !cose) {
            return Response.ok(blocks().receipt(wanted), MediaType.APPLICATION_JSON)
                    .build();
        }
        Ledger ledger = Ready.require(node, node.ledger());
        long from = anchor == null ? blocks().chain().height() : Input.height("anchor", anchor);
        bundleLimit.take(connection.getRemoteAddr());
        Bundle bundle = blocks().bundle(wanted, from, ledger, history);
        return cose
                ? Response.ok(bundle.cose().toArray(), COSE).build()
                : Response.ok(ReceiptProofView.of(bundle), MediaType.APPLICATION_JSON)
                        .build();
    }

    /** Whether the client likes COSE best; whoever takes anything gets JSON. */
    private static boolean isCose(HttpHeaders headers) {
        MediaType best = headers.getAcceptableMediaTypes().getFirst();
        return !best.isWildcardSubtype() && best.isCompatible(MediaType.valueOf(COSE));
    }

    private Blocks blocks() {
        return new Blocks(Chain.of(node), index);
    }
}
