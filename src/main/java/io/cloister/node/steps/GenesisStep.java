package io.cloister.node.steps;

import io.cloister.attestation.BootKeySet;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.codec.Bytes;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Waits for the genesis file, which founders write once they have verified every node, and finds this node in it. */
@ApplicationScoped
public class GenesisStep implements BootStep {
    private static final long PAUSE_MILLIS = 200;
    private static final long MAX_SIZE = 4 << 20;

    @Override
    public String name() {
        return BootStage.GENESIS.name();
    }

    @Override
    public void run(BootContext context) throws IOException, InterruptedException {
        Settings settings = context.get(Settings.class);
        Path file = settings.genesisFile();
        while (!Files.exists(file)) {
            Thread.sleep(PAUSE_MILLIS);
        }
        if (Files.size(file) > MAX_SIZE) {
            throw new IllegalStateException(file + " is too long for a genesis");
        }
        GenesisFile genesis = GenesisFile.parse(Bytes.of(Files.readAllBytes(file)));
        if (!genesis.chainId().equals(settings.chainId())) {
            throw new IllegalStateException(
                    "the genesis is of " + genesis.chainId() + ", the settings say " + settings.chainId());
        }
        Bytes nodeId = context.get(BootKeySet.class).nodeId();
        int slot = genesis.members().stream()
                .filter(m -> m.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the genesis does not name this node, " + nodeId))
                .slot();
        context.provide(GenesisFile.class, genesis);
        context.provide(Seat.class, new Seat(slot, genesis.members().size()));
    }

    /**
     * This node's place in the committee.
     *
     * @param slot 1 to n
     * @param members n
     */
    public record Seat(int slot, int members) {
        /** f: so many members may be faulty. */
        public int faulty() {
            return (members - 1) / 3;
        }
    }
}
