package io.cloister.attestation.kds;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.Vectors;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.AttestationReport;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** From a report to the name of its certificate. */
class ChipKeyTest {
    private static List<ChipKey> keys(SimulatedChip chip, int version) {
        return ChipKey.of(AttestationReport.parse(chip.sign(TestChips.report(chip, version))));
    }

    private static List<ProductLine> lines(List<ChipKey> keys) {
        return keys.stream().map(ChipKey::line).toList();
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void isOneWhereTheReportStatesItsProcessor(ProductLine line) {
        SimulatedChip chip = TestChips.chip(line);

        assertThat(keys(chip, 3)).containsExactly(new ChipKey(line, chip.chipId(), chip.tcb()));
    }

    @Test
    void mayBeOfSeveralLinesWhereItDoesNot() {
        assertThat(lines(keys(TestChips.chip(ProductLine.MILAN), 2)))
                .containsExactly(ProductLine.MILAN, ProductLine.GENOA);
        assertThat(lines(keys(TestChips.chip(ProductLine.TURIN), 2))).containsExactly(ProductLine.TURIN);
    }

    @Test
    void isNoneForMaskedChipsAndKeysOfProviders() {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        SimulatedChip cloud =
                TestChips.authority(ProductLine.GENOA).issueCloudKey("CN=cloud.example", TestChips.GENOA_TCB);

        assertThat(keys(cloud, 3)).isEmpty();
        assertThat(ChipKey.of(AttestationReport.parse(
                        chip.sign(TestChips.report(chip, 3).chipId(Bytes.zeros(64))))))
                .isEmpty();
    }

    @Test
    void pathsAreThoseOfAmd() {
        assertThat(AmdKds.path(new ChipKey(ProductLine.TURIN, Bytes.hex("0102030405060708"), TestChips.TURIN_TCB)))
                .isEqualTo("/vcek/v1/Turin/0102030405060708?fmcSPL=01&blSPL=01&teeSPL=01&snpSPL=04&ucodeSPL=81");
        assertThat(AmdKds.path(new ChipKey(ProductLine.MILAN, Bytes.zeros(64), TestChips.MILAN_TCB)))
                .isEqualTo("/vcek/v1/Milan/" + "00".repeat(64) + "?blSPL=04&teeSPL=00&snpSPL=24&ucodeSPL=219");
    }

    @ParameterizedTest
    @CsvSource({
        "tav_milan_v3, tav_milan_vcek, milan",
        "tav_genoa_v3, tav_genoa_vcek, genoa",
        "tav_turin_v5, tav_turin_vcek, turin",
        "az_coco_milan_v2, az_coco_milan_vcek, milan"
    })
    void genuineReportLeadsToItsCertificate(String report, String leaf, String line) throws MissException {
        ChipKey key =
                ChipKey.of(AttestationReport.parse(Vectors.report(report))).getFirst();

        assertThat(new Vetting(Set.of())
                        .leaf(key, Vectors.collateral(leaf, line))
                        .simulated())
                .isFalse();
    }
}
