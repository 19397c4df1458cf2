package io.cloister.api;

import io.cloister.api.Idempotency.Answer;
import io.cloister.codec.Bytes;
import io.cloister.ledger.View;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Burns and their releases. */
@Path("transfers")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class TransferResource {
    private static final int ACCEPTED = 202;
    private static final int MAX_ADDRESS = 100;

    private final RateLimit reports = new RateLimit(20, 2);

    @Inject
    private NodeServices node;

    @Inject
    private Idempotency idempotency;

    @GET
    public List<TransferView> listTransfers(
            @QueryParam("recipient") @Nullable String recipient, @QueryParam("limit") @Nullable String limit) {
        String address = recipient == null ? null : Input.text("recipient", recipient, MAX_ADDRESS);
        int rows = Input.limit(limit);
        return new Transfers(state()).list(address, rows);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response reportBurn(@HeaderParam("Idempotency-Key") @Nullable String key, @Nullable BurnReport report) {
        BurnReport given = Input.body(report);
        return idempotency
                .once("transfer", key, given, () -> {
                    Ready.require(node, node.runner());
                    reports.take();
                    return new Answer(ACCEPTED, given.references(node.evmChains(), state()));
                })
                .response();
    }

    @GET
    @Path("{id}")
    public TransferView getTransfer(@PathParam("id") String id) {
        Bytes wanted = Input.hash("id", id);
        return new Transfers(state())
                .find(wanted)
                .orElseThrow(() -> ApiException.notFound("unknown-transfer", "no transfer has this id"));
    }

    private View state() {
        return Ready.require(node, node.ledger()).state();
    }
}
