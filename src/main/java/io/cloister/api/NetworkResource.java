package io.cloister.api;

import io.cloister.ledger.View;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The network as the last committed state has it. */
@Path("")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class NetworkResource {
    @Inject
    private NodeServices node;

    @GET
    @Path("network")
    public NetworkView getNetwork() {
        return NetworkView.of(node);
    }

    @GET
    @Path("validators")
    public List<ValidatorView> listValidators() {
        return ValidatorView.all(state());
    }

    @GET
    @Path("shards")
    public List<ShardView> listShards() {
        return List.of(ShardView.of(node.chainId(), state()));
    }

    @GET
    @Path("solvency")
    public List<SolvencyView> listSolvency() {
        return SolvencyView.all(node);
    }

    private View state() {
        return Ready.require(node, node.ledger()).state();
    }
}
