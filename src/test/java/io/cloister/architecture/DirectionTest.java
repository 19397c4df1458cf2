package io.cloister.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The drawing of the house: which context may import which. The order is that of the architecture,
 * {@code node > cli > api > bridge > {mpc, multichain, evm} > ledger > consensus > channel > vault > attestation >
 * {codec, crypto}}.
 */
class DirectionTest {
    private static final String ROOT = "io.cloister.";

    /** What each context may import beside itself and the libraries. */
    private static final Map<String, List<String>> MAY_IMPORT = mayImport();

    private static Map<String, List<String>> mayImport() {
        List<String> kernel = List.of("codec", "crypto");
        List<String> downToAttestation = with(kernel, "attestation");
        List<String> downToVault = with(downToAttestation, "vault");
        List<String> downToChannel = with(downToVault, "channel");
        List<String> downToConsensus = with(downToChannel, "consensus");
        List<String> downToLedger = with(downToConsensus, "ledger");
        List<String> downToMiddle = with(downToLedger, "mpc", "multichain", "evm");
        List<String> downToBridge = with(downToMiddle, "bridge");
        List<String> downToApi = with(downToBridge, "api");
        Map<String, List<String>> rules = new LinkedHashMap<>();
        rules.put("crypto", List.of("codec"));
        // Only codec.ethereum may import crypto; the plain codec has a rule of its own below.
        rules.put("codec", List.of("crypto"));
        rules.put("attestation", kernel);
        rules.put("vault", downToAttestation);
        rules.put("channel", downToVault);
        rules.put("consensus", downToChannel);
        rules.put("ledger", downToConsensus);
        rules.put("mpc", downToLedger);
        rules.put("multichain", kernel);
        rules.put("evm", kernel);
        rules.put("bridge", downToMiddle);
        rules.put("api", downToBridge);
        rules.put("cli", with(downToApi, "client"));
        rules.put("node", with(downToApi, "cli"));
        return rules;
    }

    private static List<String> with(List<String> contexts, String... more) {
        List<String> all = new ArrayList<>(contexts);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    @TestFactory
    Stream<DynamicTest> contextImportsOnlyWhatLiesToItsRight() {
        return MAY_IMPORT.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> onlyImports(rule.getKey(), rule.getValue())));
    }

    private static void onlyImports(String context, List<String> allowed) {
        String[] forbidden = Stream.concat(MAY_IMPORT.keySet().stream(), Stream.of("client"))
                .filter(other -> !other.equals(context) && !allowed.contains(other))
                .map(other -> ROOT + other + "..")
                .toArray(String[]::new);
        if (forbidden.length > 0) {
            check(noClasses()
                    .that()
                    .resideInAPackage(ROOT + context + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden));
        }
    }

    @Test
    void everyClassBelongsToAContext() {
        TreeSet<String> strangers = new TreeSet<>();
        for (JavaClass type : ProductionClasses.ALL) {
            String context =
                    type.getPackageName().replaceFirst("^io\\.cloister\\.?", "").replaceFirst("\\..*", "");
            if (!MAY_IMPORT.containsKey(context)) {
                strangers.add(type.getName());
            }
        }
        assertThat(strangers).isEmpty();
    }

    @Test
    void plainCodecImportsNothingOfTheProject() {
        check(noClasses()
                .that()
                .resideInAPackage("io.cloister.codec")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.cloister.crypto..", "io.cloister.codec.ethereum.."));
    }

    @Test
    void launcherStandsAloneBecauseItRunsBeforeTheServer() {
        check(classes()
                .that()
                .resideInAnyPackage("io.cloister.node.launch..", "io.cloister.node.settings..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.cloister.node.launch..",
                        "io.cloister.node.settings..",
                        "fish.payara.micro..",
                        "org.jspecify..",
                        "java..",
                        "javax.net.ssl.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.cloister.node.settings..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.cloister.node.launch..", "fish.payara.."));
    }

    @Test
    void onlyTheCommandLineKnowsTheEmbeddedDatabase() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.cloister.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.zonky.."));
    }

    static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ProductionClasses.ALL);
    }
}
