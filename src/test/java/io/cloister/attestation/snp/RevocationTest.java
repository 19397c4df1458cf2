package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.RevocationLists;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.TestAuthority;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Revocation lists of a test root: what they refuse, and when they count at all. */
class RevocationTest {
    private static final Instant FROM = TestChips.AT.minusSeconds(3600);
    private static final Instant UNTIL = TestChips.AT.plusSeconds(3600);

    private final SnpVerifier verifier = new SnpVerifier();
    private final TestAuthority genoa = TestChips.authority(ProductLine.GENOA);
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);

    private Verification verify(SimulatedChip signer, Optional<Bytes> crl, Instant at) {
        Collateral chain = signer.collateral();
        return verifier.verify(
                signer.sign(TestChips.report(signer, 3)),
                chain.vek(),
                chain.intermediate(),
                chain.root(),
                crl,
                TestChips.roots(signer.line()),
                at);
    }

    private Outcome revocation(Bytes crl, Instant at) {
        Verification verification = verify(chip, Optional.of(crl), at);
        assertThat(verification.report().isPresent()).isEqualTo(verification.passed(Step.REVOCATION));
        return verification.outcomes().get(Step.REVOCATION);
    }

    private void refuses(Bytes crl, String why) {
        assertThat(revocation(crl, TestChips.AT))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.detail()).contains(why));
    }

    private static Set<Step> failed(Verification verification) {
        return verification.outcomes().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Outcome.Failed)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Test
    void isSkippedWithoutAListAndFailsNothing() {
        Verification verification = verify(chip, Optional.empty(), TestChips.AT);

        assertThat(verification.outcomes().get(Step.REVOCATION))
                .isEqualTo(new Outcome.Skipped("no revocation list was given"));
        assertThat(verification.report()).isPresent();
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void passesWhereTheListNamesNoneOfTheThree(ProductLine line) {
        TestAuthority authority = TestChips.authority(line);
        SimulatedChip own = TestChips.chip(line);
        Bytes cloudIssuer = authority
                .issueCloudKey("CN=cloud.example", TestChips.tcb(line))
                .collateral()
                .intermediate();

        for (List<Bytes> revoked : List.of(List.<Bytes>of(), List.of(cloudIssuer))) {
            Verification verification =
                    verify(own, Optional.of(authority.revocationList(FROM, UNTIL, revoked)), TestChips.AT);
            assertThat(verification.passed(Step.REVOCATION)).isTrue();
            assertThat(verification.report()).isPresent();
        }
    }

    @Test
    void refusesRevokedIssuerOfChips() {
        Bytes crl = genoa.revocationList(FROM, UNTIL, List.of(chip.collateral().intermediate()));
        Verification verification = verify(chip, Optional.of(crl), TestChips.AT);

        assertThat(failed(verification)).containsExactly(Step.REVOCATION);
        assertThat(verification.report()).isEmpty();
        assertThat(verification.outcomes().get(Step.REVOCATION).detail()).isEqualTo("SEV-Genoa is revoked");
    }

    @Test
    void refusesRevokedIssuerOfCloudKeysOnlyForThem() {
        SimulatedChip cloud = genoa.issueCloudKey("CN=cloud.example", TestChips.GENOA_TCB);
        Bytes crl = genoa.revocationList(FROM, UNTIL, List.of(cloud.collateral().intermediate()));

        assertThat(failed(verify(cloud, Optional.of(crl), TestChips.AT))).containsExactly(Step.REVOCATION);
        assertThat(failed(verify(chip, Optional.of(crl), TestChips.AT))).isEmpty();
    }

    @Test
    void refusesRevokedRoot() {
        refuses(genoa.revocationList(FROM, UNTIL, List.of(chip.collateral().root())), "ARK-Genoa is revoked");
    }

    @Test
    void serialZeroNamesNoLeaf() {
        assertThat(revocation(RevocationLists.ofSerial(genoa, FROM, UNTIL, 0), TestChips.AT))
                .isInstanceOf(Outcome.Passed.class);
    }

    @Test
    void countsFromItsUpdateToTheNextAndNoLonger() {
        Bytes crl = genoa.revocationList(FROM, UNTIL, List.of());

        assertThat(revocation(crl, FROM)).isInstanceOf(Outcome.Passed.class);
        assertThat(revocation(crl, UNTIL)).isInstanceOf(Outcome.Passed.class);
        assertThat(revocation(crl, FROM.minusSeconds(1)).detail()).contains("not valid before " + FROM);
        assertThat(revocation(crl, UNTIL.plusSeconds(1)).detail()).contains("not valid after " + UNTIL);
    }

    @Test
    void refusesListOfAnotherRoot() {
        refuses(TestChips.stranger().revocationList(FROM, UNTIL, List.of()), "signature does not verify");
        refuses(TestChips.authority(ProductLine.MILAN).revocationList(FROM, UNTIL, List.of()), "names another issuer");
        refuses(RevocationLists.named(genoa, "SEV-Genoa", FROM, UNTIL), "names another issuer");
    }

    @Test
    void refusesListSignedInAnotherWay() {
        refuses(
                RevocationLists.signedByAnother(ProductLine.GENOA, FROM, UNTIL, "SHA384withRSA"),
                "not signed with RSASSA-PSS");
        refuses(
                RevocationLists.signedByAnother(ProductLine.GENOA, FROM, UNTIL, "SHA256withRSAandMGF1"),
                "not signed with RSASSA-PSS");
        refuses(
                RevocationLists.signedByAnother(ProductLine.GENOA, FROM, UNTIL, "SHA384withRSAandMGF1"),
                "signature does not verify");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5.29.27", "1.2.3.4"}) // delta, unheard of
    void refusesListWithACriticalExtension(String oid) {
        refuses(RevocationLists.critical(genoa, FROM, UNTIL, oid), "critical extension that is not known");
    }

    @Test
    void refusesIndirectList() {
        refuses(RevocationLists.indirect(genoa, FROM, UNTIL), "critical extension that is not known");
    }

    @Test
    void takesListWithANumber() {
        assertThat(revocation(RevocationLists.numbered(genoa, FROM, UNTIL), TestChips.AT))
                .isInstanceOf(Outcome.Passed.class);
    }

    @Test
    void refusesListWithoutEnd() {
        refuses(RevocationLists.withoutEnd(genoa, FROM), "states no end");
    }

    @Test
    void refusesBytesBehindTheListAndListsThatAreTooLong() {
        Bytes crl = genoa.revocationList(FROM, UNTIL, List.of());

        refuses(Bytes.concat(crl, crl), "");
        refuses(Bytes.concat(crl, Bytes.zeros(1)), "");
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> Crl.parse(Bytes.zeros(Crl.MAX_SIZE + 1)))
                .matches(e -> e.reason() == Reason.TOO_LONG);
    }

    @Test
    void refusesEveryChangedByteOfAList() {
        Bytes crl = genoa.revocationList(FROM, UNTIL, List.of(chip.collateral().intermediate()));
        for (int at = 0; at < crl.length(); at++) {
            assertThat(revocation(TestChips.flip(crl, at * 8 + at % 8), TestChips.AT))
                    .as("byte %d", at)
                    .isInstanceOf(Outcome.Failed.class);
        }
    }

    @Test
    void isSkippedWhereTheChainDoesNotHold() {
        Collateral own = chip.collateral();
        Verification verification = verifier.verify(
                chip.sign(TestChips.report(chip, 3)),
                own.vek(),
                own.intermediate(),
                own.root(),
                Optional.of(genoa.revocationList(FROM, UNTIL, List.of())),
                Set.of(),
                TestChips.AT);

        assertThat(failed(verification)).containsExactly(Step.CERTIFICATE_CHAIN);
        assertThat(verification.outcomes().get(Step.REVOCATION)).isInstanceOf(Outcome.Skipped.class);
    }

    @Property(tries = 200)
    void neverThrowsForAnyListBytes(@ForAll @Size(max = 200) byte[] noise) {
        refuses(Bytes.of(noise), "");
    }
}
