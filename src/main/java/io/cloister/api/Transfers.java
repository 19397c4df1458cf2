package io.cloister.api;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.ledger.View;
import io.cloister.multichain.AddressRefused;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds transfers in one version of the state. */
record Transfers(View state) {
    private static final Comparator<Transfer> NEWEST_FIRST = Comparator.comparingLong(Transfer::acceptedHeight)
            .thenComparingLong(Transfer::burnNonce)
            .reversed();

    Optional<TransferView> find(Bytes id) {
        return BridgeState.transfer(state, id).map(this::view);
    }

    /** @param recipient address on a home chain; null for all */
    List<TransferView> list(@Nullable String recipient, int limit) {
        Optional<Map<String, Bytes>> scripts = Optional.ofNullable(recipient).map(this::scripts);
        return BridgeState.transfers(state).stream()
                .filter(t -> scripts.isEmpty()
                        || Optional.ofNullable(scripts.get().get(t.asset()))
                                .filter(t.recipientScript()::equals)
                                .isPresent())
                .sorted(NEWEST_FIRST)
                .limit(limit)
                .map(this::view)
                .toList();
    }

    /** The script that the address stands for, by the symbol of each asset whose home chain has such addresses. */
    private Map<String, Bytes> scripts(String address) {
        Map<String, Bytes> scripts = new HashMap<>();
        ApiException problem = ApiException.badRequest("address-malformed", "recipient: no address");
        for (Asset asset : BridgeState.assets(state)) {
            try {
                scripts.put(asset.symbol(), BitcoinAddress.toScript(GatewayView.home(asset), address));
            } catch (AddressRefused e) {
                problem = refused(e);
            }
        }
        if (scripts.isEmpty()) {
            throw problem;
        }
        return scripts;
    }

    static ApiException refused(AddressRefused refused) {
        String code = switch (refused.reason()) {
            case MALFORMED -> "address-malformed";
            case WRONG_NETWORK -> "address-of-another-network";
            case UNSUPPORTED -> "address-unsupported";
        };
        return ApiException.badRequest(code, "recipient: " + refused.getMessage());
    }

    private TransferView view(Transfer transfer) {
        return TransferView.of(
                transfer, BridgeState.asset(state, transfer.asset()).orElseThrow());
    }
}
