package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Reports;
import io.cloister.codec.Bytes;
import io.cloister.ledger.View;
import io.cloister.multichain.rpc.BitcoinWatcher;
import io.cloister.multichain.rpc.Watch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has a watcher watch the scripts of an asset's gateways as long as the state has them: payments of at least the
 * minimum, in blocks up to the expiry; those from just before the registration on are read at once, those of the days
 * before at leisure. A gateway whose expiry has moved is watched from the old one.
 */
final class GatewayScripts {
    /** Gateways looked at again in each step. */
    private static final int LOOKED_AT = 256;

    private final Asset asset;
    private final BitcoinWatcher watcher;
    private final Set<Bytes> seen = new HashSet<>();
    private final Map<Bytes, Gateway> gateways = new HashMap<>();
    private final Map<Bytes, Gateway> byScript = new HashMap<>();
    private final Deque<Bytes> round = new ArrayDeque<>();

    GatewayScripts(Asset asset, BitcoinWatcher watcher) {
        this.asset = asset;
        this.watcher = watcher;
    }

    Optional<Gateway> of(Bytes script) {
        return Optional.ofNullable(byScript.get(script));
    }

    void follow(View state) {
        Set<Bytes> present = new HashSet<>(BridgeState.gatewayHashes(state));
        for (Bytes gHash : present) {
            if (seen.add(gHash)) {
                BridgeState.gateway(state, gHash)
                        .filter(gateway -> gateway.asset().equals(asset.symbol()))
                        .ifPresent(this::begin);
            }
        }
        if (seen.retainAll(present)) {
            Set<Bytes> gone = new HashSet<>(gateways.keySet());
            gone.removeAll(present);
            gone.forEach(this::end);
        }
        for (int i = Math.min(LOOKED_AT, round.size()); i > 0; i--) {
            lookAgain(round.removeFirst(), state);
        }
    }

    private void begin(Gateway gateway) {
        round.add(gateway.gHash());
        watch(gateway, gateway.createdMillis());
        // It may have been known before, pruned, and registered again.
        watcher.lookFurtherBack((gateway.createdMillis() - Reports.OLDEST_PAYMENT_MILLIS) / 1_000);
    }

    private void end(Bytes gHash) {
        Gateway gateway = gateways.remove(gHash);
        if (gateway != null) {
            byScript.remove(gateway.script().output());
            watcher.unwatchScript(gateway.script().output());
        }
    }

    private void lookAgain(Bytes gHash, View state) {
        Gateway known = gateways.get(gHash);
        if (known == null) {
            return;
        }
        round.add(gHash);
        Gateway now = BridgeState.gateway(state, gHash).orElse(known);
        if (now.expiryMillis() != known.expiryMillis()) {
            watch(now, Math.min(now.expiryMillis(), known.expiryMillis()));
        }
    }

    private void watch(Gateway gateway, long sinceMillis) {
        Bytes script = gateway.script().output();
        gateways.put(gateway.gHash(), gateway);
        byScript.put(script, gateway);
        long until = (gateway.expiryMillis() + Reports.TOLERANCE_MILLIS) / 1_000;
        watcher.watchScript(new Watch(script, asset.minimumDeposit(), until), sinceMillis / 1_000);
    }
}
