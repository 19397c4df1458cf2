package io.cloister.api;

import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.OutPoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deposits, each on its own. */
@Path("deposits")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class DepositResource {
    @Inject
    private NodeServices node;

    @Inject
    private ChainIndex index;

    @GET
    public List<DepositView> findDeposits(@QueryParam("txid") @Nullable String txid) {
        Bytes wanted = Input.txid("txid", txid);
        return Deposits.of(node, index).ofTransaction(wanted);
    }

    @GET
    @Path("{outpoint}")
    public DepositView getDeposit(@PathParam("outpoint") String outpoint) {
        OutPoint wanted = Input.outPoint("outpoint", outpoint);
        return Deposits.of(node, index)
                .find(wanted)
                .orElseThrow(() -> ApiException.notFound("unknown-deposit", "this node knows no such deposit"));
    }
}
