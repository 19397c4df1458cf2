package io.cloister.attestation.kds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CollateralFolderTest {
    @TempDir
    private Path folder;

    private static ChipKey key(SimulatedChip chip) {
        return new ChipKey(chip.line(), chip.chipId(), chip.tcb());
    }

    @ParameterizedTest
    @EnumSource(ProductLine.class)
    void findsWhatItKept(ProductLine line) throws IOException {
        SimulatedChip chip = TestChips.chip(line);
        CollateralFolder store = new CollateralFolder(folder);
        store.store(key(chip), chip.collateral());

        assertThat(store.find(key(chip))).contains(chip.collateral());
        assertThat(store.find(key(TestChips.chip(line)))).isEmpty();
    }

    @Test
    void namesFilesSoThatAnOperatorCanFillTheFolder() throws IOException {
        SimulatedChip chip =
                TestChips.authority(ProductLine.TURIN).issueChip(Bytes.hex("0102030405060708"), TestChips.TURIN_TCB);
        new CollateralFolder(folder).store(key(chip), chip.collateral());

        assertThat(folder.resolve("Turin/0102030405060708/01-01-01-04-81.der")).exists();
        assertThat(folder.resolve("Turin/ark.der")).exists();
        assertThat(folder.resolve("Turin/ask.der")).exists();
    }

    @Test
    void findsNothingWhereAFileIsMissingOrTooLong() throws IOException {
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        CollateralFolder store = new CollateralFolder(folder);
        Collateral collateral = chip.collateral();
        store.store(key(chip), collateral);
        Files.write(folder.resolve("Genoa/ask.der"), new byte[9000]);

        assertThat(store.find(key(chip))).isEmpty();
        Files.delete(folder.resolve("Genoa/ask.der"));
        assertThat(store.find(key(chip))).isEmpty();
    }

    @Test
    void refusesKeysOfMixedLines() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new ChipKey(ProductLine.TURIN, Bytes.zeros(64), TestChips.TURIN_TCB));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new ChipKey(ProductLine.GENOA, Bytes.zeros(64), TestChips.TURIN_TCB));
        assertThat(new ChipKey(ProductLine.GENOA, Bytes.zeros(64), Tcb.early(0, 0, 0, 0))
                        .chipId()
                        .length())
                .isEqualTo(64);
    }
}
