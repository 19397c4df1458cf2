package io.cloister.attestation.release;

import io.cloister.attestation.Check;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.VerifiedReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a genuine report proves about a release: which rung it stands on, and why.
 *
 * @param rung empty when the report proves nothing about the release
 * @param judged the rungs whose checks were made
 * @param checks of both rungs; those of the one that was not needed or not possible are skipped
 * @param reasons stable codes of what carries the rung, and of what weakens it
 */
public record ReleaseProof(Optional<Rung> rung, Set<Rung> judged, List<Check> checks, SortedSet<String> reasons) {
    private static final String NO_QUOTE = "no quote of a TPM is given";
    private static final List<String> PLATFORM = List.of("release.tcb", "release.guest-policy");

    public ReleaseProof {
        judged = Set.copyOf(judged);
        checks = List.copyOf(checks);
        reasons = Collections.unmodifiableSortedSet(new TreeSet<>(reasons));
    }

    /** Nothing was judged, and why: every check is skipped. */
    public static ReleaseProof notJudged(String why) {
        Checks checks = new Checks();
        PLATFORM.forEach(name -> checks.skipped(name, why));
        for (Rung rung : Rung.values()) {
            rung.checks().forEach(name -> checks.skipped(name, why));
        }
        return new ReleaseProof(Optional.empty(), Set.of(), checks.lines(), new TreeSet<>(Set.of("not-judged")));
    }

    /** Both rungs by name, each with whether it is reached and, if not, for which checks; and the one that is reached. */
    public SortedMap<String, String> claims() {
        TreeMap<String, String> claims = new TreeMap<>();
        claims.put("rung", rung.map(Rung::label).orElse("none"));
        claims.put("rung.reasons", String.join(",", reasons));
        for (Rung each : Rung.values()) {
            claims.put("rung." + each.label(), standing(each));
        }
        return claims;
    }

    private String standing(Rung each) {
        if (rung.filter(each::equals).isPresent()) {
            return "reached: " + each.proves();
        }
        if (!judged.contains(each)) {
            return "not judged: " + check(each.checks().getFirst()).detail();
        }
        return "not reached: "
                + String.join(
                        ", ",
                        Stream.concat(PLATFORM.stream(), each.checks().stream())
                                .filter(name -> check(name).result() != Check.Result.PASSED)
                                .toList());
    }

    private Check check(String name) {
        return checks.stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Judges a report by a release that {@link ReleaseVerifier} has accepted.
     *
     * @param quoted PCR values where the cloud owns the launch
     */
    public static ReleaseProof of(ReleaseManifest release, VerifiedReport report, Optional<QuotedBoot> quoted) {
        Checks common = new Checks();
        TreeSet<String> weaknesses = new TreeSet<>();
        checkPlatform(common, weaknesses, release, report);
        TreeSet<String> hardwareReasons = new TreeSet<>();
        Checks hardware = new Checks();
        checkLaunch(hardware, hardwareReasons, release, report.report());
        TreeSet<String> bootReasons = new TreeSet<>(List.of("cloud-vouched-boot"));
        Checks boot = new Checks();
        quoted.ifPresent(quote -> checkBoot(boot, bootReasons, release, report.report(), quote));

        boolean byHardware = hardware.noneFailed();
        boolean byBoot = !byHardware && quoted.isPresent() && boot.noneFailed();
        Checks all = new Checks();
        all.addAll(common);
        if (byHardware || quoted.isEmpty()) {
            all.addAll(hardware);
            skipBoot(all, byHardware ? "the hardware's ID block proves more" : NO_QUOTE);
        } else {
            all.addAll(hardware.withoutFailures("measured boot is judged instead"));
            all.addAll(boot);
        }
        Optional<Rung> reached = byHardware
                ? Optional.of(Rung.HARDWARE_ID_BLOCK)
                : byBoot ? Optional.of(Rung.MEASURED_BOOT) : Optional.empty();
        TreeSet<String> reasons = new TreeSet<>(weaknesses);
        reasons.addAll(byHardware ? hardwareReasons : byBoot ? bootReasons : Set.of("no-rung"));
        Set<Rung> judged = byHardware || quoted.isEmpty()
                ? Set.of(Rung.HARDWARE_ID_BLOCK)
                : Set.of(Rung.HARDWARE_ID_BLOCK, Rung.MEASURED_BOOT);
        return new ReleaseProof(common.noneFailed() ? reached : Optional.empty(), judged, all.lines(), reasons);
    }

    private static void checkPlatform(
            Checks checks, SortedSet<String> weaknesses, ReleaseManifest release, VerifiedReport report) {
        if (!checkTcb(checks, release, report)) {
            weaknesses.add("old-tcb");
        }
        GuestPolicy policy = report.report().policy();
        if (!checks.judge(
                "release.guest-policy",
                !policy.debugAllowed() && !policy.migrationAgentAllowed(),
                "policy " + policy + " must allow neither debugging nor a migration agent")) {
            weaknesses.add("open-guest-policy");
        }
        if (report.simulated()) {
            weaknesses.add("simulated");
        }
    }

    private static boolean checkTcb(Checks checks, ReleaseManifest release, VerifiedReport report) {
        Optional<Tcb> minimum = Optional.ofNullable(release.minimumTcb().get(report.line()));
        if (minimum.isEmpty()) {
            checks.failed(
                    "release.tcb",
                    "the release does not support " + report.line().title());
            return false;
        }
        Tcb reported = report.reportedTcb();
        return checks.judge(
                "release.tcb", reported.covers(minimum.get()), "TCB " + reported + ", least " + minimum.get());
    }

    private static void checkLaunch(
            Checks checks, SortedSet<String> reasons, ReleaseManifest release, AttestationReport report) {
        Optional<String> launch = release.launchDigests().entrySet().stream()
                .filter(entry -> entry.getValue().equals(report.measurement()))
                .map(Map.Entry::getKey)
                .findFirst();
        checks.judge(
                "release.launch-digest",
                launch.isPresent(),
                "measurement " + report.measurement().toHex() + " is "
                        + launch.map(name -> "launch " + name).orElse("not a launch of the release"));
        checkLaunchKey(checks, reasons, release, report);
        checks.judge(
                "release.guest-svn",
                report.guestSvn() >= release.securityVersion(),
                "guest security version " + report.guestSvn() + ", release " + release.securityVersion());
        reasons.addAll(List.of("launch-digest", "guest-svn"));
    }

    private static void checkLaunchKey(
            Checks checks, SortedSet<String> reasons, ReleaseManifest release, AttestationReport report) {
        if (report.authorKeyEnabled() && release.authorKeys().contains(report.authorKeyDigest())) {
            reasons.add("author-key");
            checks.passed(
                    "release.launch-key",
                    "author key " + report.authorKeyDigest().toHex());
        } else if (release.idKeys().contains(report.idKeyDigest())) {
            reasons.add("id-key");
            checks.passed("release.launch-key", "ID key " + report.idKeyDigest().toHex());
        } else {
            String author = report.authorKeyEnabled() ? report.authorKeyDigest().toHex() : "none";
            checks.failed(
                    "release.launch-key",
                    "author key " + author + " and ID key "
                            + report.idKeyDigest().toHex() + " are not the release's");
        }
    }

    private static void checkBoot(
            Checks checks,
            SortedSet<String> reasons,
            ReleaseManifest release,
            AttestationReport report,
            QuotedBoot quote) {
        Optional<BootProfile> found = Optional.ofNullable(release.boot().get(quote.profile()));
        if (found.isEmpty()) {
            checks.failed("release.cloud-firmware", "the release has no boot profile " + quote.profile());
            checks.skipped("release.vmpl", "no boot profile");
            checks.skipped("release.pcrs", "no boot profile");
            return;
        }
        BootProfile profile = found.get();
        boolean measured = profile.measurements().contains(report.measurement());
        boolean signed = profile.idKeys().contains(report.idKeyDigest());
        checks.judge(
                "release.cloud-firmware",
                measured || signed,
                "measurement " + report.measurement().toHex() + (measured ? " is" : " is not") + " listed, ID key "
                        + report.idKeyDigest().toHex() + (signed ? " is" : " is not"));
        checks.judge("release.vmpl", report.vmpl() == 0, "VMPL " + report.vmpl());
        List<Integer> wrong = new ArrayList<>();
        profile.pcrs().forEach((register, value) -> {
            if (!Optional.ofNullable(quote.pcrs().get(register)).equals(Optional.of(value))) {
                wrong.add(register);
            }
        });
        checks.judge(
                "release.pcrs",
                wrong.isEmpty(),
                wrong.isEmpty() ? "PCRs " + profile.pcrs().keySet() : "PCRs " + wrong + " differ or are not quoted");
        reasons.addAll(List.of("pcrs", measured ? "cloud-firmware" : "cloud-id-key"));
    }

    private static void skipBoot(Checks checks, String why) {
        Rung.MEASURED_BOOT.checks().forEach(name -> checks.skipped(name, why));
    }
}
