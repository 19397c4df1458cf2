package io.cloister.node.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every setting of a node with its default, in the order in which the documentation lists them. */
public enum Setting {
    CHAIN_ID("cloister.chain.id", "", "name of the network, at most 64 of A-Z a-z 0-9 . _ -; the same in the genesis"),
    DATA_DIRECTORY("cloister.data.directory", "", "folder that belongs to this node alone"),
    GENESIS_FILE("cloister.genesis.file", "", "the network's genesis; a node without one waits for it"),
    POLICY_FILE("cloister.policy.file", "", "attestation policy by which this node judges its peers"),
    HTTP_PORT("cloister.http.port", "8080", "plain http on 127.0.0.1: health and metrics, nothing else"),
    HTTPS_HOST("cloister.https.host", "127.0.0.1", "address on which the REST interface and the console listen"),
    HTTPS_PORT("cloister.https.port", "8443", "its port"),
    CHANNEL_HOST("cloister.channel.host", "127.0.0.1", "address on which the channel between peers listens"),
    CHANNEL_PORT("cloister.channel.port", "9443", "its port"),
    PLATFORM_KIND(
            "cloister.platform.kind",
            "auto",
            "where evidence comes from: auto, sev-guest, configfs-tsm, azure, gcp or pure-java"),
    PLATFORM_DEVICE("cloister.platform.device", "/dev/sev-guest", "guest device, real or simulated"),
    PLATFORM_TSM("cloister.platform.tsm", "/sys/kernel/config/tsm/report", "the kernel's configfs-tsm tree"),
    PLATFORM_TPM("cloister.platform.tpm", "/dev/tpmrm0", "TPM of azure and gcp: a device, or a unix socket"),
    PLATFORM_AUTHORITY("cloister.platform.authority", "none", "folder of the test authority; for pure-java"),
    PLATFORM_COLLATERAL(
            "cloister.platform.collateral", "none", "folder of certificates and revocation lists that the host lacks"),
    PLATFORM_THIM("cloister.platform.thim", "none", "Azure's metadata service, asked for them: http://169.254.169.254"),
    PLATFORM_KDS(
            "cloister.platform.kds", "none", "AMD's key distribution service, asked for them: https://kdsintf.amd.com"),
    DATABASE_URL("cloister.db.url", "", "jdbc:postgresql: address of this node's own database"),
    DATABASE_USER("cloister.db.user", "", "its role"),
    DATABASE_PASSWORD("cloister.db.password", "", "the role's password; may be empty where the server asks for none"),
    CHAIN_RPC("cloister.chains.<name>.rpc", "none", "comma-separated http or https addresses of a chain's nodes"),
    CHAIN_USER("cloister.chains.<name>.user", "none", "user for them"),
    CHAIN_PASSWORD("cloister.chains.<name>.password", "none", "password for them"),
    LOG_DIRECTORY("cloister.log.directory", "none", "folder for a rotated log file; the console gets the log as well"),
    BLOCK_INTERVAL("cloister.consensus.block-interval", "100ms", "least time between two blocks"),
    EMPTY_BLOCK_INTERVAL(
            "cloister.consensus.empty-block-interval", "5s", "time after which a block without transactions is made"),
    ROUND_TIMEOUT("cloister.consensus.round-timeout", "1s", "first timeout of a round of agreement"),
    KEEP_BLOCKS(
            "cloister.consensus.keep-blocks",
            "all",
            "of how many of the newest blocks none is dropped, at least 10000; older ones go in runs of 16,384"),
    SNAPSHOT_BEHIND(
            "cloister.consensus.snapshot-behind",
            "2000",
            "so many blocks behind, at least 100, the node fetches a recent state instead of all blocks"),
    SNAPSHOT_EVERY(
            "cloister.consensus.snapshot-every",
            "1000",
            "at heights divisible by this, at least 50, it keeps the state for nodes that are behind");

    private static final String WILDCARD = "<name>";

    private final String key;
    private final String fallback;
    private final String meaning;

    Setting(String key, String fallback, String meaning) {
        this.key = key;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    /** The property's name; {@code <name>} stands for the name of a chain. */
    public String key() {
        return key;
    }

    /** The value that holds when the setting is absent; empty for a setting that must be given. */
    public Optional<String> fallback() {
        return fallback.isEmpty() ? Optional.empty() : Optional.of(fallback);
    }

    /** What the setting decides, in one line. */
    public String meaning() {
        return meaning;
    }

    boolean required() {
        return fallback.isEmpty();
    }

    boolean optional() {
        return fallback.equals("none");
    }

    boolean perChain() {
        return key.contains(WILDCARD);
    }

    /** The environment's spelling of the name, as MicroProfile Config maps it. */
    String environmentName() {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    boolean matches(String name) {
        return perChain() ? name.matches(chainPattern()) : name.equals(key);
    }

    /** A regular expression whose only group is the name of the chain. */
    String chainPattern() {
        int at = key.indexOf(WILDCARD);
        return Pattern.quote(key.substring(0, at))
                + "([a-z0-9][a-z0-9-]{0,31})"
                + Pattern.quote(key.substring(at + WILDCARD.length()));
    }

    static boolean known(String name) {
        return Arrays.stream(values()).anyMatch(setting -> setting.matches(name));
    }

    /** All settings as a Markdown table. */
    public static String table() {
        return Arrays.stream(values())
                .map(setting -> "| `%s` | %s | %s |"
                        .formatted(
                                setting.key,
                                setting.required() ? "*required*" : "`" + setting.fallback + "`",
                                setting.meaning))
                .collect(Collectors.joining("\n", "| setting | default | meaning |\n| --- | --- | --- |\n", "\n"));
    }
}
