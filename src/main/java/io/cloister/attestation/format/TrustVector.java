package io.cloister.attestation.format;

import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Verdict;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a verdict says in the trustworthiness claims of AR4SI. Each claim reads its own checks: the first that failed in
 * the order of the table gives the value, else what has passed does. A claim about which nothing is known is left out.
 *
 * @param claims claim to a value from -128 to 127
 */
public record TrustVector(SortedMap<String, Integer> claims) {
    /** Genuine, approved, recognised. */
    static final int GOOD = 2;
    /** What booted is approved. */
    static final int APPROVED_BOOT = 3;
    /** Known weaknesses. */
    static final int UNSAFE = 32;
    /** Software that is not recognised. */
    static final int UNRECOGNISED_SOFTWARE = 33;
    /**
     * A private claim of the tier warning: the word of a test root or of a cloud, to nobody in particular or through nobody
     * knows whom, or about software that nobody has judged.
     */
    static final int OTHERS_WORD = -33;
    /** Recognised, and not to be trusted. */
    static final int UNTRUSTWORTHY = 96;
    /** Not recognised. */
    static final int UNRECOGNISED = 97;
    /** A signature, chain or digest does not hold. */
    static final int BROKEN = 99;

    private static final List<Rule> INSTANCE = List.of(
            rule(UNRECOGNISED, "report-format", "quote-format"),
            rule(BROKEN, "certificate-chain", "certificate-validity", "report-signature", "quote-signature"),
            rule(UNTRUSTWORTHY, "revocation", "policy.chip-denied"),
            rule(UNRECOGNISED, "chip-id", "binding", "quote-nonce"),
            rule(UNRECOGNISED, "policy.root", "policy.revocation", "policy.chip-allowed"));
    private static final List<Rule> HARDWARE = List.of(
            rule(UNRECOGNISED, "report-format"),
            rule(BROKEN, "certificate-chain", "certificate-validity", "report-signature"),
            rule(UNRECOGNISED, "product-line", "tcb-match", "policy.root"),
            rule(UNTRUSTWORTHY, "revocation", "policy.product-line"),
            rule(UNSAFE, "policy.minimum-tcb", "policy.microcode", "policy.launch-tcb", "policy.provisional-firmware"));
    private static final List<Rule> EXECUTABLES = List.of(
            rule(BROKEN, "pcr-selection", "pcr-digest", "event-log"),
            rule(UNRECOGNISED_SOFTWARE, "policy.launch", "policy.measurement", "policy.id-key", "policy.author-key"),
            rule(UNRECOGNISED_SOFTWARE, "policy.guest-svn", "policy.family-id", "policy.image-id"),
            rule(UNRECOGNISED_SOFTWARE, "policy.boot-firmware", "policy.pcrs"));
    private static final List<String> NAMED_SOFTWARE =
            List.of("policy.measurement", "policy.id-key", "policy.author-key", "policy.boot-firmware", "policy.pcrs");
    private static final List<String> CONFIGURATION =
            List.of("policy.guest-", "policy.platform-", "policy.vmpl", "policy.host-data");
    private static final List<Rule> EXPOSED =
            List.of(rule(UNTRUSTWORTHY, "policy.guest-debug", "policy.guest-migration-agent"));

    /** Checks of which each one that failed gives the value. */
    private record Rule(int value, List<String> checks) {}

    private static Rule rule(int value, String... checks) {
        return new Rule(value, List.of(checks));
    }

    public TrustVector {
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
    }

    public static TrustVector of(Verdict verdict) {
        Map<String, Result> results = new HashMap<>();
        verdict.checks().forEach(check -> results.put(check.name(), check.result()));
        boolean genuine = results.get("report-signature") == Result.PASSED;
        boolean simulated = "true".equals(verdict.claims().get("root.simulated"));
        SortedMap<String, Integer> claims = new TreeMap<>();
        put(claims, "instance-identity", failed(results, INSTANCE), genuine ? instance(verdict, results) : 0);
        put(claims, "hardware", failed(results, HARDWARE), genuine ? hardware(verdict, simulated) : 0);
        put(claims, "executables", failed(results, EXECUTABLES), executables(verdict, results, genuine));
        put(claims, "configuration", failedConfiguration(verdict, results), configuration(verdict));
        put(claims, "runtime-opaque", failed(results, EXPOSED), opaque(results, simulated));
        return new TrustVector(claims);
    }

    private static void put(SortedMap<String, Integer> claims, String name, int failed, int otherwise) {
        int value = failed == 0 ? otherwise : failed;
        if (value != 0) {
            claims.put(name, value);
        }
    }

    /** 0 when none failed. */
    private static int failed(Map<String, Result> results, List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.checks().stream().anyMatch(check -> results.get(check) == Result.FAILED))
                .mapToInt(Rule::value)
                .findFirst()
                .orElse(0);
    }

    private static int instance(Verdict verdict, Map<String, Result> results) {
        boolean relayed = "not-demanded".equals(verdict.claims().get("binding.connection"));
        return results.get("binding") == Result.PASSED && !relayed ? GOOD : OTHERS_WORD;
    }

    private static int hardware(Verdict verdict, boolean simulated) {
        if (simulated) {
            return OTHERS_WORD;
        }
        return "Milan".equals(verdict.claims().get("root.product-line")) ? UNSAFE : GOOD;
    }

    private static int executables(Verdict verdict, Map<String, Result> results, boolean genuine) {
        if (NAMED_SOFTWARE.stream().noneMatch(check -> results.get(check) == Result.PASSED)) {
            return genuine ? OTHERS_WORD : 0;
        }
        boolean cloud = Arrays.asList(
                        verdict.claims().getOrDefault("grade.reasons", "").split(","))
                .contains("cloud-vouched-boot");
        return cloud ? OTHERS_WORD : APPROVED_BOOT;
    }

    private static boolean isConfiguration(Check check) {
        return CONFIGURATION.stream().anyMatch(check.name()::startsWith)
                && !check.name().equals("policy.guest-svn");
    }

    private static int failedConfiguration(Verdict verdict, Map<String, Result> results) {
        int exposed = failed(results, EXPOSED);
        boolean any = verdict.failures().stream().anyMatch(TrustVector::isConfiguration);
        return exposed == 0 && any ? UNSAFE : exposed;
    }

    private static int configuration(Verdict verdict) {
        boolean any =
                verdict.checks().stream().anyMatch(check -> check.result() == Result.PASSED && isConfiguration(check));
        return any ? GOOD : 0;
    }

    private static int opaque(Map<String, Result> results, boolean simulated) {
        if (results.get("policy.guest-debug") != Result.PASSED) {
            return 0;
        }
        return simulated ? OTHERS_WORD : GOOD;
    }

    /** The worst tier of all claims. */
    Tier tier() {
        return claims.values().stream().map(Tier::ofClaim).reduce(Tier.NONE, Tier::worse);
    }
}
