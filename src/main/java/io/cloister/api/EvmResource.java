package io.cloister.api;

import io.cloister.api.PrivateSimulations.Identity;
import io.cloister.codec.Bytes;
import io.cloister.evm.Limits;
import io.cloister.evm.LocalSimulator;
import io.cloister.evm.exchange.Exchange;
import io.cloister.evm.exchange.ServingKey;
import io.cloister.evm.exchange.ServingKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Private simulations: what goes in and what comes out is sealed between the client and this boot of the node. */
@Path("evm")
@ApplicationScoped
public class EvmResource {
    static final String SEALED = "application/vnd.cloister.hpke";
    static final int MAX_BODY = 1 << 20;

    private final RateLimit limit = new RateLimit(50, 20);
    private final PrivateSimulations simulations = new PrivateSimulations(
            new LocalSimulator(System::nanoTime),
            Limits.DEFAULT,
            Math.max(2, Runtime.getRuntime().availableProcessors()));

    @Inject
    private NodeServices node;

    record KeyView(String keyId, String publicKey, String info) {}

    @GET
    @Path("key")
    @Produces(MediaType.APPLICATION_JSON)
    public KeyView getEvmKey() {
        Bytes key = Ready.require(node, node.servingKeys()).current().publicKey();
        return new KeyView(
                Exchange.keyId(key).toHex(),
                key.to0x(),
                Exchange.info(node.chainId(), key).to0x());
    }

    @POST
    @Path("simulations")
    @Consumes(SEALED)
    @Produces(SEALED)
    public byte[] simulate(@HeaderParam("Cloister-Key-Id") @Nullable String keyId, InputStream body) {
        ServingKey key = requireKey(keyId, Ready.require(node, node.servingKeys()));
        limit.take();
        byte[] sealed = Input.all(body, MAX_BODY);
        Identity self = new Identity(
                node.chainId(), key, Ready.require(node, node.resultKey()), Ready.require(node, node.measurement()));
        return simulations.answer(self, Bytes.wrap(sealed)).toArray();
    }

    static ServingKey requireKey(@Nullable String keyId, ServingKeys keys) {
        if (keyId == null) {
            throw ApiException.badField("Cloister-Key-Id", "the id of the key that the request is sealed to");
        }
        return keys.find(keyId)
                .orElseThrow(() ->
                        ApiException.badRequest("unknown-key", "this node has another key now; ask for it again"));
    }
}
