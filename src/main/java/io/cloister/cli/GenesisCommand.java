package io.cloister.cli;

import io.cloister.attestation.Policy;
import io.cloister.bridge.genesis.AssetsFile;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.ledger.membership.MembershipRules;
import io.cloister.multichain.ProfileRefused;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the genesis file of a network from nodes that wait for one. */
final class GenesisCommand implements Command {
    @Override
    public String name() {
        return "genesis";
    }

    @Override
    public String help() {
        return "--policy FILE --assets FILE --out FILE [--operators KEY,...] URL...  makes a network from attested nodes";
    }

    @Override
    public int run(List<String> given) throws IOException {
        Arguments arguments = Arguments.parse(given, Set.of("--policy", "--assets", "--out", "--operators"), Set.of());
        List<URI> addresses =
                arguments.positional().stream().map(NodeAddress::parse).toList();
        if (Set.copyOf(addresses).size() < addresses.size()) {
            throw new CommandFailed(2, "one address is given twice");
        }
        AssetsFile assets = assets(InputFile.path("--assets", arguments));
        Policy policy = Policies.read(InputFile.path("--policy", arguments));
        MembershipRules rules = rules(arguments, addresses.size());
        Path out = InputFile.path("--out", arguments);
        if (Files.isDirectory(out) || !Files.isDirectory(out.resolveSibling(""))) {
            throw new CommandFailed(2, "--out: no file can be made at " + out);
        }
        GenesisFile genesis =
                Founding.found(addresses.stream().map(NodeClient::new).toList(), policy, rules, assets);
        // Nodes may be waiting for this very file: they see it whole or not at all.
        Path partial = Files.writeString(out.resolveSibling(out.getFileName() + ".partial"), genesis.toJson());
        Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE);
        genesis.members()
                .forEach(m -> System.out.println("slot " + m.slot() + "  " + m.nodeId() + "  grade " + m.grade()));
        System.out.println("genesis of " + genesis.chainId() + " with digest " + genesis.digest() + " is in " + out);
        return 0;
    }

    /** One operator key for each node in the order of their addresses; without any, nobody can join or leave. */
    private static MembershipRules rules(Arguments arguments, int nodes) {
        String keys = arguments.option("--operators").orElse("");
        try {
            MembershipRules rules = MembershipRules.DEFAULT.with(
                    Stream.of(keys.split(","))
                            .filter(it -> !it.isEmpty())
                            .map(Bytes::hex)
                            .toList(),
                    false);
            rules.fault(nodes).ifPresent(fault -> {
                throw new CommandFailed(2, "--operators: " + fault);
            });
            return rules;
        } catch (IllegalArgumentException | CodecException e) {
            throw new CommandFailed(2, "--operators: " + e.getMessage(), e);
        }
    }

    private static AssetsFile assets(Path file) {
        try {
            return AssetsFile.parse(InputFile.read(file));
        } catch (IllegalArgumentException | ProfileRefused e) {
            throw new CommandFailed(2, file + ": " + e.getMessage(), e);
        }
    }
}
