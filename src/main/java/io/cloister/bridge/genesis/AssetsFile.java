package io.cloister.bridge.genesis;

import io.cloister.bridge.Asset;
import io.cloister.codec.Bytes;
import java.util.List;
import java.util.Map;

/**
 * What a network is to carry, decided before its members are known.
 *
 * @param checkpoints height of each chain from which it is read
 */
public record AssetsFile(List<Asset> assets, Map<String, Long> checkpoints) {
    public AssetsFile {
        assets = List.copyOf(assets);
        checkpoints = Map.copyOf(checkpoints);
        ServedChains.require(assets, checkpoints);
    }

    /** The JSON document, with line breaks. */
    public String toJson() {
        return GenesisJson.write(this);
    }

    /**
     * Reads a JSON document.
     *
     * @throws IllegalArgumentException when it is not such a document
     * @throws io.cloister.multichain.ProfileRefused when it names a chain that this release does not serve
     */
    public static AssetsFile parse(Bytes json) {
        return GenesisJson.parseAssets(json);
    }
}
