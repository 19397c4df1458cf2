package io.cloister.bridge.genesis;

import io.cloister.bridge.Asset;
import io.cloister.multichain.ChainProfiles;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Refuses a network on a chain that this release does not serve, before anybody founds it. */
final class ServedChains {
    private ServedChains() {}

    /** @throws io.cloister.multichain.ProfileRefused naming the chain that has value or is not known */
    static void require(List<Asset> assets, Map<String, Long> checkpoints) {
        TreeSet<String> names = new TreeSet<>(checkpoints.keySet());
        for (Asset asset : assets) {
            names.add(asset.chain());
            names.add(asset.evmChain());
        }
        names.forEach(name -> ChainProfiles.named(name).requireServable());
    }
}
