package io.cloister.node.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The settings of one node, checked. Paths are absolute: a relative one is taken from the folder of the settings file.
 *
 * @param chainId name of the network, at most 64 characters
 * @param dataDirectory the node's own folder; it may not exist yet
 * @param genesisFile the network's genesis; it may not exist yet
 * @param policyFile the attestation policy of this node
 * @param httpPort plain http on 127.0.0.1
 * @param https where the REST interface listens
 * @param channel where the channel between peers listens
 * @param platform the source of evidence
 * @param database the node's own database
 * @param chains access to the chains, by name
 * @param logDirectory folder of the log file, when there is to be one
 * @param consensus the clockwork of block making
 */
public record Settings(
        String chainId,
        Path dataDirectory,
        Path genesisFile,
        Path policyFile,
        int httpPort,
        Endpoint https,
        Endpoint channel,
        Platform platform,
        Database database,
        SortedMap<String, ChainAccess> chains,
        Optional<Path> logDirectory,
        Consensus consensus) {

    /** The system property that names the settings file. */
    public static final String FILE_PROPERTY = "cloister.config";

    /** An address and a port to listen on. */
    public record Endpoint(String host, int port) {}

    /** Where evidence comes from. */
    public enum PlatformKind {
        /** To be found out. */
        AUTO,
        /** The guest device of an SEV-SNP machine, or its simulator. */
        SEV_GUEST,
        /** The kernel's configfs-tsm. */
        CONFIGFS_TSM,
        /** A confidential guest of Azure. */
        AZURE,
        /** A confidential guest of Google Cloud. */
        GCP,
        /** Reports made in this process under a test authority. */
        PURE_JAVA;

        /** As settings have it, such as {@code sev-guest}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The source of evidence.
     *
     * @param device the guest device
     * @param tsm the tree of configfs-tsm
     * @param tpm a TPM's device or unix socket
     * @param authority folder of the test authority, present for {@link PlatformKind#PURE_JAVA}
     * @param collateral folder of certificates and revocation lists that the host does not give
     * @param thim Azure's metadata service, which is asked for them
     * @param kds AMD's key distribution service, which is asked for them
     */
    public record Platform(
            PlatformKind kind,
            Path device,
            Path tsm,
            Path tpm,
            Optional<Path> authority,
            Optional<Path> collateral,
            Optional<URI> thim,
            Optional<URI> kds) {}

    /** A PostgreSQL database. Its password never shows in {@code toString}. */
    public record Database(String url, String user, String password) {
        @Override
        public String toString() {
            return "Database[url=" + url + ", user=" + user + "]";
        }
    }

    /** The nodes of another chain, all asked with the same credentials. The password never shows in {@code toString}. */
    public record ChainAccess(List<URI> rpc, Optional<String> user, Optional<String> password) {
        public ChainAccess {
            rpc = List.copyOf(rpc);
        }

        @Override
        public String toString() {
            return "ChainAccess[rpc=" + rpc + ", user=" + user.orElse("none") + "]";
        }
    }

    /**
     * Times of block making, and what is kept.
     *
     * @param keepBlocks of how many of the newest blocks none is dropped; {@link Long#MAX_VALUE} for all
     * @param snapshotBehind so many blocks behind, a state is fetched instead of all blocks
     * @param snapshotEvery at heights divisible by this, the state is kept for others
     */
    public record Consensus(
            Duration blockInterval,
            Duration emptyBlockInterval,
            Duration roundTimeout,
            long keepBlocks,
            long snapshotBehind,
            long snapshotEvery) {}

    /**
     * Reads the settings from a file, under the environment and the system properties of this process.
     *
     * @throws SettingsRefused when a setting is unknown, missing or impossible, naming every such setting
     */
    public static Settings load(Path file) {
        return SettingsReader.read(file, System.getenv(), System.getProperties());
    }
}
