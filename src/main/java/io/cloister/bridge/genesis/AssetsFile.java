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
    }

    /** The JSON document, with line breaks. */
    public String toJson() {
        return GenesisJson.write(this);
    }

    /** @throws IllegalArgumentException when it is not such a document */
    public static AssetsFile parse(Bytes json) {
        return GenesisJson.parseAssets(json);
    }
}
