package io.cloister.node.settings;

import io.cloister.node.settings.Settings.ChainAccess;
import io.cloister.node.settings.Settings.Consensus;
import io.cloister.node.settings.Settings.Database;
import io.cloister.node.settings.Settings.Endpoint;
import io.cloister.node.settings.Settings.Platform;
import io.cloister.node.settings.Settings.PlatformKind;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns names and texts into {@link Settings}; collects every problem before it refuses. */
final class SettingsReader {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    /** A peer that was away for a while, and evidence that names a recent block, need some. */
    private static final long LEAST_BLOCKS = 10_000;

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|[0-9a-fA-F:]{2,39}");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern CHAIN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Path folder;
    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();

    private SettingsReader(Path folder, Map<String, String> values) {
        this.folder = folder;
        this.values = values;
    }

    static Settings read(Path file, Map<String, String> environment, Properties system) {
        Path absolute = file.toAbsolutePath().normalize();
        SettingsFile given;
        try {
            given = SettingsFile.read(absolute);
        } catch (IOException e) {
            throw new SettingsRefused(List.of(Settings.FILE_PROPERTY + ": cannot read " + absolute + " (" + e + ")"));
        }
        Map<String, String> values = new TreeMap<>(given.values());
        for (Setting setting : Setting.values()) {
            if (!setting.perChain()) {
                Optional.ofNullable(environment.get(setting.environmentName()))
                        .ifPresent(value -> values.put(setting.key(), value));
            }
        }
        for (String name : system.stringPropertyNames()) {
            if (name.startsWith("cloister.") && Setting.known(name)) {
                values.put(name, system.getProperty(name));
            }
        }
        Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
        SettingsReader reader = new SettingsReader(folder, values);
        given.repeated().forEach(name -> reader.problems.add(name + ": stands in the file more than once"));
        return reader.settings();
    }

    private Settings settings() {
        refuseUnknown();
        String chainId = text(Setting.CHAIN_ID, CHAIN_ID, "at most 64 of A-Z a-z 0-9 . _ -");
        Path data = path(Setting.DATA_DIRECTORY);
        Path genesis = path(Setting.GENESIS_FILE);
        Path policy = path(Setting.POLICY_FILE);
        if (given(Setting.POLICY_FILE) && !(Files.isRegularFile(policy) && Files.isReadable(policy))) {
            refuse(Setting.POLICY_FILE, "cannot read " + policy);
        }
        if (given(Setting.GENESIS_FILE) && Files.isDirectory(genesis)) {
            refuse(Setting.GENESIS_FILE, "a folder: " + genesis);
        }
        Optional<Path> logs = optionalPath(Setting.LOG_DIRECTORY);
        refuseFile(Setting.DATA_DIRECTORY, data);
        logs.ifPresent(folder -> refuseFile(Setting.LOG_DIRECTORY, folder));
        int http = port(Setting.HTTP_PORT);
        Endpoint https = endpoint(Setting.HTTPS_HOST, Setting.HTTPS_PORT);
        Endpoint channel = endpoint(Setting.CHANNEL_HOST, Setting.CHANNEL_PORT);
        refuseSharedPort(Setting.HTTPS_PORT, https.port(), Setting.HTTP_PORT, http);
        refuseSharedPort(Setting.CHANNEL_PORT, channel.port(), Setting.HTTP_PORT, http);
        refuseSharedPort(Setting.CHANNEL_PORT, channel.port(), Setting.HTTPS_PORT, https.port());
        Settings settings = new Settings(
                chainId,
                data,
                genesis,
                policy,
                http,
                https,
                channel,
                platform(),
                database(),
                chains(),
                logs,
                consensus());
        if (!problems.isEmpty()) {
            throw new SettingsRefused(problems);
        }
        return settings;
    }

    private void refuseUnknown() {
        for (String name : values.keySet()) {
            if (!Setting.known(name)) {
                problems.add(name + ": no such setting");
            }
        }
    }

    private Platform platform() {
        String label = value(Setting.PLATFORM_KIND);
        Optional<PlatformKind> kind = Arrays.stream(PlatformKind.values())
                .filter(known -> known.label().equals(label))
                .findFirst();
        if (kind.isEmpty()) {
            refuse(Setting.PLATFORM_KIND, "no such source of evidence");
        }
        Optional<Path> authority = optionalPath(Setting.PLATFORM_AUTHORITY);
        if (kind.equals(Optional.of(PlatformKind.PURE_JAVA)) && authority.isEmpty()) {
            refuse(Setting.PLATFORM_AUTHORITY, "required for pure-java");
        }
        Optional<Path> collateral = optionalPath(Setting.PLATFORM_COLLATERAL);
        collateral
                .filter(place -> !Files.isDirectory(place))
                .ifPresent(place -> refuse(Setting.PLATFORM_COLLATERAL, "not a folder: " + place));
        return new Platform(
                kind.orElse(PlatformKind.AUTO),
                path(Setting.PLATFORM_DEVICE),
                path(Setting.PLATFORM_TSM),
                path(Setting.PLATFORM_TPM),
                authority,
                collateral,
                service(Setting.PLATFORM_THIM),
                service(Setting.PLATFORM_KDS));
    }

    private Optional<URI> service(Setting setting) {
        if (value(setting).equals("none")) {
            return Optional.empty();
        }
        try {
            URI base = new URI(value(setting));
            if (base.getHost() != null && ("https".equals(base.getScheme()) || "http".equals(base.getScheme()))) {
                return Optional.of(base);
            }
            refuse(setting, "not an http or https address");
        } catch (URISyntaxException e) {
            refuse(setting, "not an address: " + e.getReason());
        }
        return Optional.empty();
    }

    private Database database() {
        String url = value(Setting.DATABASE_URL);
        if (given(Setting.DATABASE_URL) && !url.startsWith("jdbc:postgresql:")) {
            refuse(Setting.DATABASE_URL, "not a jdbc:postgresql: address");
        }
        String password = Optional.ofNullable(values.get(Setting.DATABASE_PASSWORD.key()))
                .orElseGet(() -> {
                    refuse(Setting.DATABASE_PASSWORD, "required");
                    return "";
                });
        return new Database(url, value(Setting.DATABASE_USER), password);
    }

    private SortedMap<String, ChainAccess> chains() {
        TreeSet<String> names = new TreeSet<>();
        for (Setting setting : List.of(Setting.CHAIN_RPC, Setting.CHAIN_USER, Setting.CHAIN_PASSWORD)) {
            Pattern pattern = Pattern.compile(setting.chainPattern());
            values.keySet().stream()
                    .map(pattern::matcher)
                    .filter(Matcher::matches)
                    .forEach(found -> names.add(found.group(1)));
        }
        SortedMap<String, ChainAccess> chains = new TreeMap<>();
        for (String name : names) {
            Function<Setting, String> key = setting -> setting.key().replace("<name>", name);
            String rpc = key.apply(Setting.CHAIN_RPC);
            if (!ServedChains.NAMES.contains(name)) {
                problems.add(rpc + ": this release serves no chain of that name, only "
                        + String.join(", ", ServedChains.NAMES));
            }
            Optional<String> user = Optional.ofNullable(values.get(key.apply(Setting.CHAIN_USER)));
            Optional<String> password = Optional.ofNullable(values.get(key.apply(Setting.CHAIN_PASSWORD)));
            if (user.isPresent() != password.isPresent()) {
                problems.add(key.apply(user.isPresent() ? Setting.CHAIN_PASSWORD : Setting.CHAIN_USER)
                        + ": user and password go together");
            }
            chains.put(name, new ChainAccess(addresses(rpc), user, password));
        }
        return chains;
    }

    private List<URI> addresses(String name) {
        List<URI> addresses = new ArrayList<>();
        for (String part : Optional.ofNullable(values.get(name)).orElse("").split(",", -1)) {
            try {
                URI address = new URI(part.strip());
                String scheme = Optional.ofNullable(address.getScheme()).orElse("");
                if (address.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                    problems.add(name + ": not an http or https address: " + withoutUserInfo(part));
                } else if (address.getRawUserInfo() != null) {
                    problems.add(name + ": credentials have settings of their own");
                } else {
                    addresses.add(address);
                }
            } catch (URISyntaxException e) {
                problems.add(name + ": not an address: " + e.getReason());
            }
        }
        return addresses;
    }

    private static String withoutUserInfo(String address) {
        return "'" + address.strip().replaceAll("//[^/@]*@", "//") + "'";
    }

    private Consensus consensus() {
        Duration block = duration(Setting.BLOCK_INTERVAL);
        Duration empty = duration(Setting.EMPTY_BLOCK_INTERVAL);
        Duration round = duration(Setting.ROUND_TIMEOUT);
        if (empty.compareTo(block) < 0) {
            refuse(Setting.EMPTY_BLOCK_INTERVAL, "shorter than " + Setting.BLOCK_INTERVAL.key());
        }
        if (round.isZero()) {
            refuse(Setting.ROUND_TIMEOUT, "must be longer than 0");
        }
        return new Consensus(
                block,
                empty,
                round,
                keepBlocks(),
                blocks(Setting.SNAPSHOT_BEHIND, 100),
                blocks(Setting.SNAPSHOT_EVERY, 50));
    }

    private long blocks(Setting setting, long least) {
        String value = value(setting);
        long blocks = value.matches("\\d{1,15}") ? Long.parseLong(value) : 0;
        if (blocks < least) {
            refuse(setting, "no number of at least " + least + ": '" + value + "'");
        }
        return blocks;
    }

    private long keepBlocks() {
        String value = value(Setting.KEEP_BLOCKS);
        if (value.equals("all")) {
            return Long.MAX_VALUE;
        }
        long blocks = value.matches("\\d{1,15}") ? Long.parseLong(value) : 0;
        if (blocks < LEAST_BLOCKS) {
            refuse(Setting.KEEP_BLOCKS, "neither 'all' nor a number of at least " + LEAST_BLOCKS + ": '" + value + "'");
        }
        return blocks;
    }

    private Endpoint endpoint(Setting host, Setting port) {
        String name = text(host, HOST, "a host name or an address");
        if (name.matches("[0-9.]+") && !IPV4.matcher(name).matches()) {
            refuse(host, "must be a host name or an address");
        }
        return new Endpoint(name, port(port));
    }

    private String text(Setting setting, Pattern pattern, String shape) {
        String value = value(setting);
        if (given(setting) && !pattern.matcher(value).matches()) {
            refuse(setting, "must be " + shape);
        }
        return value;
    }

    private int port(Setting setting) {
        String value = value(setting);
        if (value.matches("\\d{1,5}")) {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        }
        refuse(setting, "not a port between 1 and 65535: '" + value + "'");
        return 0;
    }

    private Duration duration(Setting setting) {
        String value = value(setting);
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            refuse(setting, "not a time such as 150ms, 5s or 1m: '" + value + "'");
            return Duration.ZERO;
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
        if (duration.compareTo(Duration.ofHours(1)) > 0) {
            refuse(setting, "longer than an hour");
        }
        return duration;
    }

    private Path path(Setting setting) {
        try {
            return folder.resolve(value(setting)).normalize();
        } catch (InvalidPathException e) {
            refuse(setting, "not a path: " + e.getReason());
            return folder;
        }
    }

    private Optional<Path> optionalPath(Setting setting) {
        return value(setting).equals("none") ? Optional.empty() : Optional.of(path(setting));
    }

    private void refuseSharedPort(Setting setting, int port, Setting other, int otherPort) {
        if (port != 0 && port == otherPort) {
            refuse(setting, "the same port as " + other.key());
        }
    }

    private void refuseFile(Setting setting, Path folder) {
        if (given(setting) && Files.exists(folder) && !Files.isDirectory(folder)) {
            refuse(setting, "not a folder: " + folder);
        }
    }

    private boolean given(Setting setting) {
        return setting.fallback().isPresent()
                || !values.getOrDefault(setting.key(), "").isBlank();
    }

    /** The value or the default; the empty string, and a problem, when a required setting is absent. */
    private String value(Setting setting) {
        String value = values.getOrDefault(setting.key(), "").strip();
        if (!value.isEmpty()) {
            return value;
        }
        return setting.fallback().orElseGet(() -> {
            if (problems.stream().noneMatch(problem -> problem.equals(setting.key() + ": required"))) {
                refuse(setting, "required");
            }
            return "";
        });
    }

    private void refuse(Setting setting, String why) {
        problems.add(setting.key() + ": " + why);
    }
}
