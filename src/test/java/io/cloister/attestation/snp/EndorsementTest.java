package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Vectors;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.codec.Bytes;
import java.time.Instant;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a chain says of its leaf's key without a report. */
class EndorsementTest {
    private final SnpVerifier verifier = new SnpVerifier();

    private ChainVerdict of(Collateral chain, Set<Bytes> roots) {
        return verifier.endorsement(chain.vek(), chain.intermediate(), chain.root(), roots);
    }

    private Endorsement holds(Collateral chain, Set<Bytes> roots) {
        assertThat(of(chain, roots)).isInstanceOf(ChainVerdict.Holds.class);
        return ((ChainVerdict.Holds) of(chain, roots)).endorsement();
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void namesChipTcbAndTimeOfATestChip(ProductLine line) {
        SimulatedChip chip = TestChips.chip(line);
        Endorsement endorsement = holds(chip.collateral(), TestChips.roots(line));

        assertThat(endorsement.line()).isEqualTo(line);
        assertThat(endorsement.kind()).isEqualTo(SigningKeyKind.VCEK);
        assertThat(endorsement.chipId()).contains(chip.chipId());
        assertThat(endorsement.tcb()).isEqualTo(TestChips.tcb(line));
        assertThat(endorsement.simulated()).isTrue();
        assertThat(endorsement.isValidAt(TestChips.NOT_BEFORE)).isTrue();
        assertThat(endorsement.isValidAt(TestChips.NOT_BEFORE.minusSeconds(1))).isFalse();
        assertThat(endorsement.isValidAt(endorsement.notAfter())).isTrue();
        assertThat(endorsement.isValidAt(endorsement.notAfter().plusSeconds(1))).isFalse();
    }

    @Test
    void namesNoChipForACloudProvidersKey() {
        SimulatedChip cloud =
                TestChips.authority(ProductLine.GENOA).issueCloudKey("CN=cloud.example", TestChips.GENOA_TCB);

        assertThat(holds(cloud.collateral(), TestChips.roots(ProductLine.GENOA)).chipId())
                .isEmpty();
    }

    @Test
    void doesNotHoldWithoutTrustInTheRoot() {
        assertThat(of(TestChips.chip(ProductLine.GENOA).collateral(), Set.of()))
                .isInstanceOfSatisfying(
                        ChainVerdict.Broken.class,
                        broken -> assertThat(broken.detail()).contains("no trust in root"));
    }

    @ParameterizedTest
    @CsvSource({"tav_milan_vcek, milan", "tav_genoa_vcek, genoa", "tav_turin_vcek, turin", "coco_milan_vlek, milan"})
    void holdsForGenuineChains(String leaf, String line) {
        Endorsement endorsement = holds(Vectors.collateral(leaf, line), Set.of());

        assertThat(endorsement.line().title()).isEqualToIgnoringCase(line);
        assertThat(endorsement.simulated()).isFalse();
        assertThat(endorsement.chipId().isPresent()).isEqualTo(endorsement.kind() == SigningKeyKind.VCEK);
        assertThat(endorsement.isValidAt(Instant.parse("2000-01-01T00:00:00Z"))).isFalse();
    }

    @Property(tries = 100)
    void neverThrowsForAnyBytes(@ForAll @Size(max = 100) byte[] noise) {
        Bytes junk = Bytes.of(noise);

        assertThat(verifier.endorsement(junk, junk, junk, Set.of())).isInstanceOf(ChainVerdict.Broken.class);
    }
}
