package io.cloister.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The project's contexts import in one direction. */
class DirectionTest {
    private final DirectionRules rules = new DirectionRules(ProductionClasses.ROOT);

    @Test
    void allClassesOfEveryContextAreJudged() {
        Set<String> contexts =
                ProductionClasses.ALL.stream().map(rules::context).collect(Collectors.toSet());
        assertThat(contexts).isEqualTo(DirectionRules.MAY_IMPORT.keySet());
        assertThat(ProductionClasses.ALL).hasSizeGreaterThan(600);
    }

    @TestFactory
    Stream<DynamicTest> contextImportsOnlyWhatLiesToItsRight() {
        return DirectionRules.MAY_IMPORT.keySet().stream()
                .map(context -> DynamicTest.dynamicTest(
                        context,
                        () -> rules.importsOnlyWhatLiesToItsRight(context).check(ProductionClasses.ALL)));
    }

    @Test
    void everyClassBelongsToAContext() {
        assertThat(rules.strangers(ProductionClasses.ALL)).isEmpty();
    }

    @Test
    void plainCodecImportsNothingOfTheProject() {
        rules.plainCodecImportsNothingOfTheProject().check(ProductionClasses.ALL);
    }

    @Test
    void cryptoImportsThePlainCodecOnly() {
        rules.cryptoImportsThePlainCodecOnly().check(ProductionClasses.ALL);
    }

    @Test
    void launcherStandsAloneBecauseItRunsBeforeTheServer() {
        rules.launcherStandsAlone().check(ProductionClasses.ALL);
        rules.settingsKnowNeitherLauncherNorServer().check(ProductionClasses.ALL);
    }

    @Test
    void onlyTheCommandLineKnowsTheEmbeddedDatabase() {
        rules.onlyTheCommandLineKnowsTheEmbeddedDatabase().check(ProductionClasses.ALL);
    }
}
