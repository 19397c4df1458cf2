package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.Cpuid;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.ReportBuilder;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.VerifiedReport;
import io.cloister.codec.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReleaseProofTest {
    private static final QuotedBoot BOOT =
            new QuotedBoot("azure", new TreeMap<>(Map.of(4, Releases.PCR_4, 11, Releases.PCR_11)));

    private static ReportBuilder base() {
        return new ReportBuilder(3)
                .policy(new GuestPolicy(0x30000))
                .cpuid(new Cpuid(0x19, 0x11, 1))
                .tcb(Tcb.early(10, 0, 23, 84));
    }

    private static ReportBuilder launched() {
        return base().measurement(Releases.LAUNCH)
                .guestSvn(7)
                .idKeyDigest(Releases.ID_KEY.publicKey().digest())
                .authorKeyDigest(Releases.AUTHOR_KEY.publicKey().digest());
    }

    private static ReportBuilder inTheCloud() {
        return base().measurement(Releases.CLOUD_FIRMWARE);
    }

    private static Bytes unsigned(ReportBuilder report) {
        return report.build(Bytes.zeros(48), Bytes.zeros(48));
    }

    private static VerifiedReport verified(ReportBuilder report, ProductLine line, boolean simulated) {
        return new VerifiedReport(
                AttestationReport.parse(unsigned(report)),
                line,
                SigningKeyKind.VCEK,
                Optional.empty(),
                Bytes.zeros(32),
                simulated);
    }

    private static ReleaseProof prove(ReportBuilder report) {
        return ReleaseProof.of(Releases.manifest(), verified(report, ProductLine.GENOA, false), Optional.empty());
    }

    private static ReleaseProof prove(ReportBuilder report, QuotedBoot boot) {
        return ReleaseProof.of(Releases.manifest(), verified(report, ProductLine.GENOA, false), Optional.of(boot));
    }

    private static void provesNothing(ReleaseProof proof, String... failures) {
        assertThat(proof.rung()).isEmpty();
        assertThat(proof.checks().stream()
                        .filter(line -> line.result() == Check.Result.FAILED)
                        .map(Check::name))
                .containsExactly(failures);
    }

    @Test
    void aLaunchThatTheAuthorSignedStandsOnTheHardwareRung() {
        ReleaseProof proof = prove(launched());

        assertThat(proof.rung()).contains(Rung.HARDWARE_ID_BLOCK);
        assertThat(proof.reasons()).containsExactly("author-key", "guest-svn", "launch-digest");
        assertThat(proof.checks()).noneMatch(line -> line.result() == Check.Result.FAILED);
    }

    @Test
    void aTrustedIdKeyCarriesTheHardwareRungToo() {
        ReportBuilder report = base().measurement(Releases.LAUNCH)
                .guestSvn(9)
                .idKeyDigest(Releases.LONE_ID_KEY.publicKey().digest());

        assertThat(prove(report).rung()).contains(Rung.HARDWARE_ID_BLOCK);
        assertThat(prove(report).reasons()).containsExactly("guest-svn", "id-key", "launch-digest");
    }

    @Test
    void eachCheckOfTheHardwareRungFailsAlone() {
        provesNothing(prove(launched().measurement(Releases.sha384("other"))), "release.launch-digest");
        provesNothing(prove(launched().guestSvn(6)), "release.guest-svn");
        provesNothing(
                prove(launched()
                        .authorKeyDigest(Releases.FOREIGN_KEY.publicKey().digest())),
                "release.launch-key");
        provesNothing(prove(launched().tcb(Tcb.early(10, 0, 22, 84))), "release.tcb");
        provesNothing(prove(launched().policy(new GuestPolicy(0xb0000))), "release.guest-policy");
        provesNothing(prove(launched().policy(new GuestPolicy(0x70000))), "release.guest-policy");
    }

    @Test
    void anAuthorDigestWithoutItsBitCountsForNothing() {
        byte[] report = unsigned(launched()).toArray();
        report[0x48] &= (byte) ~1;
        VerifiedReport verified = new VerifiedReport(
                AttestationReport.parse(Bytes.wrap(report)),
                ProductLine.GENOA,
                SigningKeyKind.VCEK,
                Optional.empty(),
                Bytes.zeros(32),
                false);

        provesNothing(ReleaseProof.of(Releases.manifest(), verified, Optional.empty()), "release.launch-key");
    }

    @Test
    void theLaunchDigestAloneIsNoRung() {
        ReleaseProof proof = prove(base().measurement(Releases.LAUNCH));

        provesNothing(proof, "release.launch-key", "release.guest-svn");
        assertThat(proof.reasons()).containsExactly("no-rung");
    }

    @Test
    void theQuotedBootOfAKnownCloudStandsOnTheMeasuredRung() {
        ReleaseProof byMeasurement = prove(inTheCloud(), BOOT);
        ReleaseProof byKey =
                prove(base().measurement(Releases.sha384("newer")).idKeyDigest(Releases.CLOUD_ID_KEY), BOOT);

        assertThat(byMeasurement.rung()).contains(Rung.MEASURED_BOOT);
        assertThat(byMeasurement.reasons()).containsExactly("cloud-firmware", "cloud-vouched-boot", "pcrs");
        assertThat(byMeasurement.checks()).noneMatch(line -> line.result() == Check.Result.FAILED);
        assertThat(byKey.rung()).contains(Rung.MEASURED_BOOT);
        assertThat(byKey.reasons()).containsExactly("cloud-id-key", "cloud-vouched-boot", "pcrs");
    }

    @Test
    void eachCheckOfTheMeasuredRungFailsAlone() {
        QuotedBoot wrong = new QuotedBoot("azure", new TreeMap<>(Map.of(4, Releases.PCR_11, 11, Releases.PCR_11)));
        QuotedBoot less = new QuotedBoot("azure", new TreeMap<>(Map.of(4, Releases.PCR_4)));

        provesNothing(prove(inTheCloud(), wrong), "release.pcrs");
        provesNothing(prove(inTheCloud(), less), "release.pcrs");
        provesNothing(prove(inTheCloud().vmpl(1), BOOT), "release.vmpl");
        provesNothing(prove(base(), BOOT), "release.cloud-firmware");
        provesNothing(prove(inTheCloud(), new QuotedBoot("gcp", BOOT.pcrs())), "release.cloud-firmware");
        provesNothing(prove(inTheCloud().tcb(Tcb.early(10, 0, 23, 83)), BOOT), "release.tcb");
        provesNothing(prove(inTheCloud().policy(new GuestPolicy(0xb0000)), BOOT), "release.guest-policy");
    }

    @Test
    void theHardwareRungIsPreferred() {
        ReleaseProof proof = prove(launched(), BOOT);

        assertThat(proof.rung()).contains(Rung.HARDWARE_ID_BLOCK);
        assertThat(proof.reasons()).doesNotContain("cloud-vouched-boot");
    }

    @Test
    void everyProofHasTheSameChecks() {
        var names = prove(launched()).checks().stream().map(Check::name).toList();

        assertThat(names).hasSize(8);
        assertThat(prove(inTheCloud(), BOOT).checks().stream().map(Check::name)).isEqualTo(names);
        assertThat(prove(base()).checks().stream().map(Check::name)).isEqualTo(names);
        assertThat(prove(base(), new QuotedBoot("gcp", BOOT.pcrs())).checks().stream()
                        .map(Check::name))
                .isEqualTo(names);
    }

    @Test
    void namesBothRungsAndWhatKeepsAGuestFromThem() {
        assertThat(prove(launched()).claims())
                .containsEntry("rung", "hardware-id-block")
                .containsEntry("rung.hardware-id-block", "reached: " + Rung.HARDWARE_ID_BLOCK.proves())
                .containsEntry("rung.measured-boot", "not judged: the hardware's ID block proves more");
        assertThat(prove(inTheCloud(), BOOT).claims())
                .containsEntry("rung", "measured-boot")
                .containsEntry(
                        "rung.hardware-id-block",
                        "not reached: release.launch-digest, release.launch-key, release.guest-svn");
        assertThat(prove(launched().tcb(Tcb.early(10, 0, 22, 84))).claims())
                .containsEntry("rung", "none")
                .containsEntry("rung.hardware-id-block", "not reached: release.tcb");
        assertThat(prove(base(), new QuotedBoot("gcp", BOOT.pcrs())).claims())
                .containsEntry("rung.measured-boot", "not reached: release.cloud-firmware, release.vmpl, release.pcrs");
    }

    @Test
    void aProofThatWasNotMadeSkipsEveryCheck() {
        ReleaseProof none = ReleaseProof.notJudged("nothing to judge");

        assertThat(none.checks().stream().map(Check::name))
                .containsExactlyInAnyOrderElementsOf(
                        prove(launched()).checks().stream().map(Check::name).toList());
        assertThat(none.checks()).allMatch(line -> line.result() == Check.Result.SKIPPED);
        assertThat(none.claims())
                .containsEntry("rung", "none")
                .containsEntry("rung.reasons", "not-judged")
                .containsEntry("rung.measured-boot", "not judged: nothing to judge");
    }

    @Test
    void saysWhatWeakensIt() {
        ReleaseProof simulated =
                ReleaseProof.of(Releases.manifest(), verified(launched(), ProductLine.GENOA, true), Optional.empty());
        ReleaseProof milan =
                ReleaseProof.of(Releases.manifest(), verified(launched(), ProductLine.MILAN, false), Optional.empty());

        assertThat(simulated.rung()).contains(Rung.HARDWARE_ID_BLOCK);
        assertThat(simulated.reasons()).contains("simulated");
        provesNothing(milan, "release.tcb");
        assertThat(milan.reasons()).contains("old-tcb");
        assertThat(prove(launched().policy(new GuestPolicy(0xb0000))).reasons()).contains("open-guest-policy");
    }
}
