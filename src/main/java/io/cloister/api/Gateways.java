package io.cloister.api;

import io.cloister.api.GatewayRequest.Checked;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Reports;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.View;
import io.cloister.mpc.board.MpcKeys;
import java.util.Optional;

/** Finds gateways, and has them registered. */
final class Gateways {
    private static final String KNOWN = "gateway-known";

    private final ClientLimits registrations = new ClientLimits(30, 0.2, new RateLimit(60, 10));
    private final Submission submission = new Submission();

    /** @param created whether this very request put it on the ledger */
    record Registered(Gateway gateway, boolean created) {}

    Optional<Gateway> find(View state, Bytes gHash) {
        return BridgeState.gateway(state, gHash);
    }

    /**
     * The gateway of a request, from the ledger or newly ordered; one that has expired is renewed, so that nobody is
     * sent to a gateway that takes no deposits any more.
     *
     * @param address of the client; registering is free, so each may only do so much of it
     * @param nowMillis block time
     */
    Registered register(Checked request, String address, Ledger ledger, LedgerClient client, long nowMillis) {
        Bytes gHash = request.gHash();
        Optional<Gateway> known = find(ledger.state(), gHash);
        if (known.isPresent() && nowMillis <= known.get().expiryMillis()) {
            return new Registered(known.get(), false);
        }
        if (new MpcKeys(ledger.state()).signingKey().isEmpty()) {
            throw Refusals.problem("shard-not-ready", "the shard's key has not been generated yet");
        }
        registrations.take(address);
        boolean created = order(request, client);
        return find(ledger.state(), gHash)
                .map(gateway -> new Registered(gateway, created && known.isEmpty()))
                .orElseThrow(() -> new IllegalStateException("an ordered gateway is not in the state"));
    }

    /** False when somebody else's registration of the same gateway came first. */
    private boolean order(Checked request, LedgerClient client) {
        Bytes body = Reports.gateway(request.asset().symbol(), request.recipient(), request.payload(), request.nonce());
        String code;
        try {
            Receipt receipt = submission.submit(client, BridgeState.MODULE, BridgeModule.REGISTER_GATEWAY, body);
            code = receipt.code();
        } catch (ApiException e) {
            if (!e.problem().code().equals(KNOWN)) {
                throw e;
            }
            code = KNOWN;
        }
        if (!code.isEmpty() && !code.equals(KNOWN)) {
            throw Refusals.problem(code, "the ledger refused the registration");
        }
        return code.isEmpty();
    }
}
