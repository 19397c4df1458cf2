package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.ledger.Context;
import io.cloister.multichain.bitcoin.GatewayCoin;
import io.cloister.multichain.bitcoin.GatewayScript;
import io.cloister.multichain.bitcoin.GatewaySpend;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The free outputs of one asset while a block is ended. Only those that a plan can choose are read whole. */
final class Purse {
    private static final Comparator<VaultOutput.Summary> BY_SIZE =
            Comparator.comparingLong(VaultOutput.Summary::value).thenComparing(VaultOutput.Summary::outPoint);

    private final Context context;
    private final GatewayScript vault;
    private final List<VaultOutput.Summary> ascending;
    private final Map<OutPoint, GatewayCoin> read = new HashMap<>();

    Purse(Context context, String asset, GatewayScript vault) {
        this.context = context;
        this.vault = vault;
        this.ascending = new ArrayList<>(BridgeState.holdings(context, asset).stream()
                .filter(o -> o.state() == VaultOutput.State.FREE)
                .sorted(BY_SIZE)
                .toList());
    }

    /**
     * What a release chooses from: the smallest output that suffices alone, and the largest ones. A plan over these is
     * the plan over all.
     *
     * @param owed what the outputs must reach
     * @param leastChange smallest change that is no dust
     */
    List<GatewayCoin> candidates(long owed, long leastChange) {
        Set<OutPoint> chosen = new LinkedHashSet<>();
        ascending.stream()
                .filter(o -> o.value() == owed || o.value() - owed >= leastChange)
                .findFirst()
                .ifPresent(o -> chosen.add(o.outPoint()));
        int largest = Math.max(0, ascending.size() - GatewaySpend.MAX_INPUTS - 1);
        ascending.subList(largest, ascending.size()).forEach(o -> chosen.add(o.outPoint()));
        return chosen.stream().map(this::coin).toList();
    }

    /** Where change goes. */
    GatewayScript vault() {
        return vault;
    }

    long total() {
        return ascending.stream().mapToLong(VaultOutput.Summary::value).sum();
    }

    /** The largest outputs, or all when there are not so many. */
    List<GatewayCoin> largest(int count) {
        return ascending.subList(Math.max(0, ascending.size() - count), ascending.size()).stream()
                .map(o -> coin(o.outPoint()))
                .toList();
    }

    /** Takes outputs for a release. */
    void reserve(List<GatewayCoin> coins, Bytes transfer) {
        for (GatewayCoin coin : coins) {
            VaultOutput output = BridgeState.output(context, coin.outPoint()).orElseThrow();
            BridgeState.put(context, output.spentBy(transfer));
            ascending.removeIf(o -> o.outPoint().equals(coin.outPoint()));
        }
    }

    private GatewayCoin coin(OutPoint outPoint) {
        return read.computeIfAbsent(
                outPoint, o -> BridgeState.output(context, o).orElseThrow().coin());
    }
}
