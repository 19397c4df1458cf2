package io.cloister.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.cloister.architecture.seeded.api.DatabaseStarter;
import io.cloister.architecture.seeded.api.TerminalWriters;
import io.cloister.architecture.seeded.bridge.AdapterUsers;
import io.cloister.architecture.seeded.bridge.ClockReaders;
import io.cloister.architecture.seeded.bridge.ConnectionOpeners;
import io.cloister.architecture.seeded.bridge.FileOpeners;
import io.cloister.architecture.seeded.bridge.FrameworkUsers;
import io.cloister.architecture.seeded.bridge.ThreadStarters;
import io.cloister.architecture.seeded.cli.JakartaUser;
import io.cloister.architecture.seeded.crypto.Upward;
import io.cloister.architecture.seeded.node.launch.LeaningLauncher;
import io.cloister.architecture.seeded.node.settings.LaunchUser;
import io.cloister.architecture.seeded.stranger.Stranger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule of the house reports every class that was written to break it. */
class RulesCanFailTest {
    private static final String ROOT = "io.cloister.architecture.seeded";
    private static final JavaClasses SEEDED = new ClassFileImporter().importPackages(ROOT);

    private final CoreRules core = new CoreRules(ROOT);
    private final DirectionRules direction = new DirectionRules(ROOT);
    private final HouseRules house = new HouseRules(ROOT);

    @TestFactory
    Stream<DynamicTest> everyViolationIsReported() {
        return Stream.of(
                        seeds(core.seesNoFramework(), FrameworkUsers.class),
                        seeds(core.usesNoAdapter(), AdapterUsers.class),
                        seeds(core.startsNoThread(), ThreadStarters.class),
                        seeds(core.readsNoClock(), ClockReaders.class),
                        seeds(core.opensNoConnection(), ConnectionOpeners.class),
                        seeds(core.opensNoFileOrProcess(), FileOpeners.class),
                        seeds(house.onlyTheCommandLineWritesToTheTerminal(), TerminalWriters.class),
                        seed(core.commandLineIsFreeOfJakarta(), JakartaUser.class.getName()),
                        seed(direction.onlyTheCommandLineKnowsTheEmbeddedDatabase(), DatabaseStarter.class.getName()),
                        seed(direction.plainCodecImportsNothingOfTheProject(), ROOT + ".codec.UpwardToCrypto"),
                        seed(direction.cryptoImportsThePlainCodecOnly(), Upward.class.getName()),
                        seed(direction.importsOnlyWhatLiesToItsRight("ledger"), ROOT + ".ledger.Upward"),
                        seed(direction.launcherStandsAlone(), LeaningLauncher.class.getName()),
                        seed(direction.settingsKnowNeitherLauncherNorServer(), LaunchUser.class.getName()))
                .flatMap(s -> s);
    }

    /** One test for each class nested in the holder. */
    private static Stream<DynamicTest> seeds(ArchRule rule, Class<?> holder) {
        return Arrays.stream(holder.getDeclaredClasses()).flatMap(type -> seed(rule, type.getName()));
    }

    private static Stream<DynamicTest> seed(ArchRule rule, String type) {
        return Stream.of(DynamicTest.dynamicTest(
                type.substring(ROOT.length() + 1),
                () -> assertThat(reports(rule))
                        .anyMatch(line -> line.contains("<" + type + ".") || line.contains("<" + type + ">"))));
    }

    private static List<String> reports(ArchRule rule) {
        return rule.evaluate(SEEDED).getFailureReport().getDetails();
    }

    @Test
    void adaptersMayDoWhatCoresMayNot() {
        List<ArchRule> rules = List.of(
                core.startsNoThread(), core.readsNoClock(), core.opensNoConnection(), core.opensNoFileOrProcess());
        assertThat(rules)
                .flatExtracting(RulesCanFailTest::reports)
                .noneMatch(line -> line.contains("<" + ROOT + ".multichain.rpc."));
    }

    @Test
    void classOfNoContextIsReported() {
        assertThat(direction.strangers(SEEDED)).containsExactly(ROOT + ".package-info", Stranger.class.getName());
    }

    @Test
    void packageWithoutNullMarksIsReported() {
        assertThat(house.packagesWithoutNullMarks(SEEDED))
                .contains(ROOT + ".stranger")
                .doesNotContain(ROOT);
    }

    @Test
    void packageInfoThatSaysNothingIsReported() {
        assertThat(HouseRules.saysWhatItOwns(List.of("@NullMarked", "package a;", "", "import b;")))
                .isFalse();
        assertThat(HouseRules.saysWhatItOwns(List.of("/**", " * It owns a.", " */", "@NullMarked")))
                .isTrue();
    }
}
