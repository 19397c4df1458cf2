package io.cloister.api;

import io.cloister.api.Idempotency.Answer;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Gateway;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.View;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gateways: what an address means is on the ledger before anybody pays to it. */
@Path("gateways")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class GatewayResource {
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final Gateways gateways = new Gateways();

    @Inject
    private NodeServices node;

    @Inject
    private Idempotency idempotency;

    @Inject
    private ChainIndex index;

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response createGateway(
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context HttpServletRequest connection,
            @Nullable GatewayRequest request) {
        GatewayRequest given = Input.body(request);
        return idempotency
                .once("gateway", key, given, () -> register(given, connection.getRemoteAddr()))
                .response();
    }

    @GET
    @Path("{gHash}")
    public GatewayView getGateway(@PathParam("gHash") String gHash) {
        Gateway gateway = gateway(gHash);
        return view(gateway, state());
    }

    @GET
    @Path("{gHash}/deposits")
    public List<DepositView> listGatewayDeposits(@PathParam("gHash") String gHash) {
        Gateway gateway = gateway(gHash);
        return Deposits.of(node, index).at(gateway);
    }

    private Answer register(GatewayRequest request, String address) {
        Ledger ledger = Ready.require(node, node.ledger());
        LedgerClient client = Ready.require(node, node.client());
        long now = Chain.of(node).timeMillis();
        var registered = gateways.register(request.checked(ledger.state(), now), address, ledger, client, now);
        return new Answer(registered.created() ? CREATED : OK, view(registered.gateway(), ledger.state()));
    }

    private Gateway gateway(String gHash) {
        Bytes wanted = Input.hash("gHash", gHash);
        return gateways.find(state(), wanted)
                .orElseThrow(() -> ApiException.notFound("unknown-gateway", "no gateway has this gHash"));
    }

    private GatewayView view(Gateway gateway, View state) {
        return GatewayView.of(
                gateway,
                BridgeState.asset(state, gateway.asset()).orElseThrow(),
                Chain.of(node).timeMillis());
    }

    private View state() {
        return Ready.require(node, node.ledger()).state();
    }
}
