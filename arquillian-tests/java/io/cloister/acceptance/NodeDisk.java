package io.cloister.acceptance;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.attestation.platform.Platform;
import io.cloister.attestation.platform.PureJavaPlatform;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.SimulatedGuest;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.cli.demo.DemoFlow;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.store.VaultConsensusStore;
import io.cloister.crypto.SecretBytes;
import io.cloister.node.steps.LocalSeal;
import io.cloister.node.steps.Modules;
import io.cloister.node.steps.NodeSchema;
import io.cloister.vault.Level;
import io.cloister.vault.PeersPart;
import io.cloister.vault.Schema;
import io.cloister.vault.SealMetadata;
import io.cloister.vault.store.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of a stopped node, opened in this process with the node's own chip. */
final class NodeDisk implements AutoCloseable {
    /** A journal in the vault's own tables, which no node writes: it is there to be tampered with. */
    static final String TABLE_JOURNAL = "acceptance";

    private final int index;
    private final GenesisFile genesisFile;
    private final Genesis genesis;
    private final Platform platform;
    private final DataSource source;
    private final Path journal;

    NodeDisk(DemoFlow flow, int index) throws IOException {
        this.index = index;
        this.genesisFile = GenesisFile.parse(Bytes.wrap(Files.readAllBytes(flow.genesisFile())));
        this.genesis = Modules.assemble(genesisFile, new EvidenceVerifier()).genesis();
        this.platform = platform(flow, index);
        this.source = source(flow.database(index));
        this.journal = flow.journal(index);
    }

    /** The folder of the node's journal of agreement. */
    Path journal() {
        return journal;
    }

    /** The node's chip, with a guest of the measurement that the network's policy allows. */
    static Platform platform(DemoFlow flow, int index) throws IOException {
        Policy policy = Policy.parse(Bytes.wrap(Files.readAllBytes(flow.policyFile())));
        return new PureJavaPlatform(
                SimulatedChip.load(flow.chip(index)),
                SimulatedGuest.of(policy.launch().measurements().first()));
    }

    private static DataSource source(DemoFlow.Access access) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(access.url());
        source.setUser(access.user());
        source.setPassword(access.password());
        return source;
    }

    Bytes nodeId() {
        return genesisFile.members().get(index).nodeId();
    }

    Connection connect() throws SQLException {
        return source.getConnection();
    }

    /** The key of the platform that the database is sealed under; the caller closes it. */
    SecretBytes seal() {
        return LocalSeal.derive(platform, sealedUnder());
    }

    private SealMetadata sealedUnder() {
        return Vault.sealedUnder(source).orElseGet(() -> new SealMetadata(Bytes.EMPTY, Bytes.zeros(15), Bytes.EMPTY));
    }

    /** Opens the identity level, as a booting node does. */
    Vault openIdentity() {
        try (SecretBytes seal = seal()) {
            return Vault.open(genesisFile.chainId(), NodeSchema.ALL, source, seal, sealedUnder());
        }
    }

    /** Opens both levels; the part comes from a peer's disk. */
    Vault open(NodeDisk peer) {
        Vault vault = openIdentity();
        try {
            vault.openState(nodeId(), new PartOnDisk(peer));
            return vault;
        } catch (RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    /** All that a booting node does with its tables before it uses them. */
    void boot(NodeDisk peer) {
        try (Vault vault = openIdentity()) {
            vault.verify(Level.IDENTITY);
            vault.openState(nodeId(), new PartOnDisk(peer));
            vault.verify(Level.STATE);
            vault.journal(TABLE_JOURNAL).replay(1, (seq, kind, entry) -> {});
            VaultConsensusStore chain = new VaultConsensusStore(vault);
            chain.open(genesis);
            if (chain.block(chain.height()).isEmpty()) {
                throw new IllegalStateException("stored height " + chain.height() + " has no block");
            }
        }
    }

    /** The part that this node keeps for a peer. */
    private Bytes kept(Bytes owner) {
        try (Vault vault = openIdentity()) {
            return vault.inSnapshot(connection -> vault.table(Schema.PART)
                            .find(connection, owner.toHex())
                            .map(row -> row.bytes("part")))
                    .orElseThrow(() -> new AssertionError("node " + (index + 1) + " keeps no part of " + owner));
        }
    }

    /** The part as a peer would hand it out. */
    private final class PartOnDisk implements PeersPart {
        private final NodeDisk peer;

        PartOnDisk(NodeDisk peer) {
            this.peer = peer;
        }

        @Override
        public Optional<SecretBytes> fetch(Predicate<SecretBytes> fits) {
            return Optional.of(SecretBytes.taking(peer.kept(nodeId()).toArray()))
                    .filter(fits);
        }

        @Override
        public void deposit(SecretBytes part) {
            throw new AssertionError("a vault that exists makes no new part");
        }
    }

    @Override
    public void close() throws Exception {
        platform.close();
    }
}
