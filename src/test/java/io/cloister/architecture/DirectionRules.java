package io.cloister.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which context may import which. The order is that of the architecture,
 * {@code node > cli > api > bridge > {mpc, multichain, evm} > ledger > consensus > channel > vault > attestation >
 * {codec, crypto}}.
 *
 * @param root the package of the tree that is judged
 */
record DirectionRules(String root) {
    /** What each context may import beside itself and the libraries. */
    static final Map<String, List<String>> MAY_IMPORT = mayImport();

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
        // The kernel's three parts have an order of their own: codec.ethereum, crypto, plain codec.
        rules.put("crypto", List.of("codec"));
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

    ArchRule importsOnlyWhatLiesToItsRight(String context) {
        String[] forbidden = Stream.concat(MAY_IMPORT.keySet().stream(), Stream.of("client"))
                .filter(other ->
                        !other.equals(context) && !MAY_IMPORT.get(context).contains(other))
                .map(other -> root + "." + other + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(root + "." + context + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden);
    }

    ArchRule plainCodecImportsNothingOfTheProject() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".codec")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(root + ".crypto..", root + ".codec.ethereum..");
    }

    ArchRule cryptoImportsThePlainCodecOnly() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".crypto..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".codec.ethereum..");
    }

    ArchRule launcherStandsAlone() {
        return classes()
                .that()
                .resideInAnyPackage(root + ".node.launch..", root + ".node.settings..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        root + ".node.launch..",
                        root + ".node.settings..",
                        "fish.payara.micro..",
                        "org.jspecify..",
                        "java..",
                        "javax.net.ssl..");
    }

    ArchRule settingsKnowNeitherLauncherNorServer() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".node.settings..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(root + ".node.launch..", "fish.payara..");
    }

    ArchRule onlyTheCommandLineKnowsTheEmbeddedDatabase() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.zonky..");
    }

    /** Names of the classes that are in no context. */
    TreeSet<String> strangers(JavaClasses all) {
        TreeSet<String> strangers = new TreeSet<>();
        for (JavaClass type : all) {
            if (!MAY_IMPORT.containsKey(context(type))) {
                strangers.add(type.getName());
            }
        }
        return strangers;
    }

    /** First package below the root. */
    String context(JavaClass type) {
        String below = (type.getPackageName() + ".").substring(root.length() + 1);
        return below.substring(0, Math.max(below.indexOf('.'), 0));
    }
}
