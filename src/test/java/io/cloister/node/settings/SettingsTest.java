package io.cloister.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.consensus.core.Snapshots;
import io.cloister.multichain.ChainProfile;
import io.cloister.multichain.ChainProfiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsTest {
    private static final String COMPLETE = """
            cloister.chain.id=devnet-1
            cloister.data.directory=data
            cloister.genesis.file=../genesis.json
            cloister.policy.file=policy.json
            cloister.db.url=jdbc:postgresql://127.0.0.1:5432/node1
            cloister.db.user=node1
            cloister.db.password=secret-of-the-role
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void policy() throws IOException {
        Files.writeString(folder.resolve("policy.json"), "{}");
    }

    @Test
    void takesDefaultsThatStayOnLoopback() throws IOException {
        Settings settings = read(COMPLETE);

        assertThat(settings.httpPort()).isEqualTo(8080);
        assertThat(settings.https()).isEqualTo(new Settings.Endpoint("127.0.0.1", 8443));
        assertThat(settings.channel()).isEqualTo(new Settings.Endpoint("127.0.0.1", 9443));
        assertThat(settings.platform().kind()).isEqualTo(Settings.PlatformKind.AUTO);
        assertThat(settings.platform().device()).isEqualTo(Path.of("/dev/sev-guest"));
        assertThat(settings.platform().tsm()).isEqualTo(Path.of("/sys/kernel/config/tsm/report"));
        assertThat(settings.platform().tpm()).isEqualTo(Path.of("/dev/tpmrm0"));
        assertThat(settings.platform().thim()).isEmpty();
        assertThat(settings.platform().kds()).isEmpty();
        assertThat(settings.consensus().emptyBlockInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.logDirectory()).isEmpty();
        assertThat(settings.chains()).isEmpty();
    }

    @Test
    void takesRelativePathsFromTheFolderOfTheFile() throws IOException {
        Settings settings = read(COMPLETE);

        assertThat(settings.dataDirectory()).isEqualTo(folder.resolve("data"));
        assertThat(settings.genesisFile()).isEqualTo(folder.resolveSibling("genesis.json"));
    }

    @Test
    void readsTheAccessToEachChain() throws IOException {
        Settings settings = read(COMPLETE + """
                cloister.chains.litecoin-regtest.rpc=http://127.0.0.1:19443, https://node.example:1/path
                cloister.chains.litecoin-regtest.user=u
                cloister.chains.litecoin-regtest.password=hidden-word
                cloister.chains.ethereum-dev.rpc=http://127.0.0.1:8545
                """);

        assertThat(settings.chains().keySet()).containsExactly("ethereum-dev", "litecoin-regtest");
        assertThat(settings.chains().get("litecoin-regtest").rpc())
                .containsExactly(URI.create("http://127.0.0.1:19443"), URI.create("https://node.example:1/path"));
        assertThat(settings.toString()).doesNotContain("hidden-word").doesNotContain("secret-of-the-role");
    }

    @Test
    void keepsAllBlocksOrANumberThatIsEnough() throws IOException {
        assertThat(read(COMPLETE).consensus().keepBlocks()).isEqualTo(Long.MAX_VALUE);
        assertThat(read(COMPLETE + "cloister.consensus.keep-blocks=250000\n")
                        .consensus()
                        .keepBlocks())
                .isEqualTo(250_000);
        for (String wrong : new String[] {"9999", "0", "none", "-20000", "20000.5"}) {
            assertThatThrownBy(() -> read(COMPLETE + "cloister.consensus.keep-blocks=" + wrong + "\n"))
                    .isInstanceOf(SettingsRefused.class)
                    .hasMessageContaining("cloister.consensus.keep-blocks");
        }
    }

    @Test
    void snapshotsAreAskedForAndKeptAsOftenAsTheSettingsSay() throws IOException {
        assertThat(read(COMPLETE).consensus().snapshotBehind()).isEqualTo(Snapshots.DEFAULT.behind());
        assertThat(read(COMPLETE).consensus().snapshotEvery()).isEqualTo(Snapshots.DEFAULT.every());
        Settings.Consensus other = read(COMPLETE
                        + "cloister.consensus.snapshot-behind=5000\ncloister.consensus.snapshot-every=50\n")
                .consensus();
        assertThat(other.snapshotBehind()).isEqualTo(5_000);
        assertThat(other.snapshotEvery()).isEqualTo(50);
        for (String wrong : new String[] {"snapshot-behind=99", "snapshot-every=49", "snapshot-every=all"}) {
            assertThatThrownBy(() -> read(COMPLETE + "cloister.consensus." + wrong + "\n"))
                    .isInstanceOf(SettingsRefused.class)
                    .hasMessageContaining("cloister.consensus." + wrong.replaceFirst("=.*", ""));
        }
    }

    @Test
    void refusesAnUnknownSettingByName() {
        assertThatThrownBy(() -> read(COMPLETE + "cloister.http.prot=1\n"))
                .isInstanceOfSatisfying(
                        SettingsRefused.class,
                        refused ->
                                assertThat(refused.problems()).containsExactly("cloister.http.prot: no such setting"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Setting.class,
            names = {
                "CHAIN_ID",
                "DATA_DIRECTORY",
                "GENESIS_FILE",
                "POLICY_FILE",
                "DATABASE_URL",
                "DATABASE_USER",
                "DATABASE_PASSWORD"
            })
    void refusesAMissingSettingByName(Setting setting) {
        String without = COMPLETE.replaceAll("(?m)^" + setting.key().replace(".", "\\.") + "=.*\\n", "");

        assertThatThrownBy(() -> read(without))
                .isInstanceOfSatisfying(
                        SettingsRefused.class,
                        refused -> assertThat(refused.problems()).containsExactly(setting.key() + ": required"));
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThatThrownBy(() -> read("cloister.chain.id=a b\nfoo=1\n"))
                .isInstanceOfSatisfying(
                        SettingsRefused.class,
                        refused -> assertThat(refused.problems())
                                .hasSize(8)
                                .anyMatch(problem -> problem.startsWith("foo: "))
                                .anyMatch(problem -> problem.startsWith("cloister.chain.id: ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cloister.chain.id | two words",
                "cloister.http.port | 0",
                "cloister.http.port | 65536",
                "cloister.http.port | -1",
                "cloister.https.port | http",
                "cloister.https.port | 8080",
                "cloister.channel.port | 8443",
                "cloister.https.host | a host",
                "cloister.https.host | 999.1.1.1",
                "cloister.https.host | 127.1",
                "cloister.channel.host | 1.2.3.4.5",
                "cloister.policy.file | absent.json",
                "cloister.log.directory | node.properties",
                "cloister.db.url | jdbc:h2:mem",
                "cloister.platform.kind | tdx",
                "cloister.platform.thim | ftp://example.org",
                "cloister.platform.kds | kdsintf.amd.com",
                "cloister.platform.kds | https://two words",
                "cloister.consensus.block-interval | 5",
                "cloister.consensus.empty-block-interval | 2h",
                "cloister.consensus.empty-block-interval | 50ms",
                "cloister.consensus.round-timeout | 0s",
                "cloister.consensus.round-timeout | 61m",
                "cloister.chains.ethereum-dev.rpc | ftp://127.0.0.1",
                "cloister.chains.ethereum-dev.rpc | http://user:word@127.0.0.1",
                "cloister.chains.ethereum-dev.rpc | :",
                "cloister.chains.dogecoin.rpc | http://127.0.0.1:1",
                "cloister.chains.bitcoin.rpc | http://127.0.0.1:1",
                "cloister.chains.anvil.rpc | http://127.0.0.1:1"
            })
    void refusesAnImpossibleValueByName(String name, String value) {
        assertThatThrownBy(() -> read(COMPLETE + name + "=" + value + "\n"))
                .isInstanceOfSatisfying(
                        SettingsRefused.class,
                        refused -> assertThat(refused.problems())
                                .isNotEmpty()
                                .allMatch(problem -> problem.startsWith(name + ": "))
                                .noneMatch(problem -> problem.contains("word@")));
    }

    @Test
    void refusesASettingThatIsGivenTwice() {
        assertThatThrownBy(() -> read(COMPLETE + "cloister.http.port=1\ncloister.http.port=2\n"))
                .hasMessage("cloister.http.port: stands in the file more than once");
    }

    @Test
    void refusesAFolderInThePlaceOfAFileAndTheOtherWayRound() {
        assertThatThrownBy(() -> read(COMPLETE.replace("../genesis.json", ".")))
                .hasMessage("cloister.genesis.file: a folder: " + folder);
        assertThatThrownBy(() -> read(COMPLETE.replace("=policy.json", "=.")))
                .hasMessage("cloister.policy.file: cannot read " + folder);
        assertThatThrownBy(() -> read(COMPLETE.replace("directory=data", "directory=policy.json")))
                .hasMessageStartingWith("cloister.data.directory: not a folder: ");
    }

    @Test
    void takesEveryUsualSpellingOfAHost() throws IOException {
        for (String host : List.of("0.0.0.0", "255.255.255.255", "::1", "node-1.example", "localhost")) {
            assertThat(read(COMPLETE + "cloister.https.host=" + host + "\n")
                            .https()
                            .host())
                    .isEqualTo(host);
        }
    }

    @Test
    void servesTheChainsWithoutValueAndNoOther() {
        assertThat(ServedChains.NAMES)
                .allSatisfy(name -> ChainProfiles.named(name).requireServable());
        assertThat(ChainProfiles.bitcoinFamily())
                .filteredOn(ChainProfile::regtest)
                .allSatisfy(profile -> assertThat(ServedChains.NAMES).contains(profile.name()));
    }

    @Test
    void refusesAPlatformWithoutItsAuthority() {
        assertThatThrownBy(() -> read(COMPLETE + "cloister.platform.kind=pure-java\n"))
                .hasMessage("cloister.platform.authority: required for pure-java");
    }

    @ParameterizedTest
    @EnumSource(Settings.PlatformKind.class)
    void readsEachKindOfPlatform(Settings.PlatformKind kind) throws IOException {
        Settings.Platform platform = read(COMPLETE + "cloister.platform.kind=" + kind.label()
                        + "\ncloister.platform.authority=.\ncloister.platform.tpm=/run/tpm\n"
                        + "cloister.platform.thim=http://169.254.169.254\ncloister.platform.kds=https://kds.example\n")
                .platform();

        assertThat(platform.kind()).isEqualTo(kind);
        assertThat(platform.tpm()).isEqualTo(Path.of("/run/tpm"));
        assertThat(platform.thim()).contains(URI.create("http://169.254.169.254"));
        assertThat(platform.kds()).contains(URI.create("https://kds.example"));
    }

    @Test
    void takesAFolderOfCertificatesThatIsThereAndRefusesAnother() throws IOException {
        assertThat(read(COMPLETE + "cloister.platform.collateral=.\n")
                        .platform()
                        .collateral())
                .contains(folder);
        assertThatThrownBy(() -> read(COMPLETE + "cloister.platform.collateral=nowhere\n"))
                .hasMessageContaining("cloister.platform.collateral: not a folder");
    }

    @Test
    void refusesAUserWithoutPassword() {
        assertThatThrownBy(() -> read(
                        COMPLETE + "cloister.chains.ethereum-dev.rpc=http://h\ncloister.chains.ethereum-dev.user=u\n"))
                .hasMessageStartingWith("cloister.chains.ethereum-dev.password: ");
    }

    @Test
    void putsTheEnvironmentAboveTheFileAndTheSystemPropertiesAboveBoth() throws IOException {
        Properties system = new Properties();
        system.setProperty("cloister.http.port", "3");
        system.setProperty("cloister.something.else", "not a setting and not ours to refuse");

        Settings settings = SettingsReader.read(
                file(COMPLETE + "cloister.http.port=1\n"),
                Map.of("CLOISTER_HTTP_PORT", "2", "CLOISTER_DB_PASSWORD", "from the environment"),
                system);

        assertThat(settings.httpPort()).isEqualTo(3);
        assertThat(settings.database().password()).isEqualTo("from the environment");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> SettingsReader.read(folder.resolve("none"), Map.of(), new Properties()))
                .isInstanceOf(SettingsRefused.class)
                .hasMessageContaining("none");
    }

    @Test
    void listsEverySettingInTheTable() {
        List<String> lines = Setting.table().lines().toList();

        assertThat(lines).hasSize(Setting.values().length + 2);
        assertThat(Setting.table()).contains("| `cloister.chain.id` | *required* |");
    }

    private Settings read(String text) throws IOException {
        return SettingsReader.read(file(text), Map.of(), new Properties());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("node.properties"), text);
    }
}
