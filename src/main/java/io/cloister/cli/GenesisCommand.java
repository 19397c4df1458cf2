package io.cloister.cli;

import io.cloister.bridge.genesis.AssetsFile;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;

/** Makes the genesis file of a network from nodes that wait for one. */
final class GenesisCommand implements Command {
    @Override
    public String name() {
        return "genesis";
    }

    @Override
    public String help() {
        return "--policy FILE --assets FILE --out FILE URL...  makes a network from attested nodes";
    }

    @Override
    public int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, Set.of("--policy", "--assets", "--out"), Set.of());
        List<NodeClient> nodes = arguments.positional().stream()
                .map(url -> new NodeClient(URI.create(url)))
                .toList();
        AssetsFile assets = assets(arguments.required("--assets"));
        GenesisFile genesis = Founding.found(nodes, Policies.read(Path.of(arguments.required("--policy"))), assets);
        Path out = Path.of(arguments.required("--out"));
        // Nodes may be waiting for this very file: they see it whole or not at all.
        Path partial = Files.writeString(out.resolveSibling(out.getFileName() + ".partial"), genesis.toJson());
        Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE);
        genesis.members()
                .forEach(m -> System.out.println("slot " + m.slot() + "  " + m.nodeId() + "  grade " + m.grade()));
        System.out.println("genesis of " + genesis.chainId() + " with digest " + genesis.digest() + " is in " + out);
        return 0;
    }

    private static AssetsFile assets(String file) throws IOException {
        try {
            return AssetsFile.parse(Bytes.of(Files.readAllBytes(Path.of(file))));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(2, String.valueOf(e.getMessage()), e);
        }
    }
}
