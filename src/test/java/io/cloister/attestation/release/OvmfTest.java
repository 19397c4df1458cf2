package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import org.junit.jupiter.api.Test;

class OvmfTest {
    private static Reason reason(Bytes image) {
        CodecException thrown = catchThrowableOfType(CodecException.class, () -> Ovmf.parse(image));
        assertThat(thrown).isNotNull();
        return thrown.reason();
    }

    @Test
    void readsWhatTheFirmwareAsksFor() {
        Ovmf ovmf = new TestOvmf().parsed();

        assertThat(ovmf.address()).isEqualTo(0xffff_0000L);
        assertThat(ovmf.resetAddress()).isEqualTo(TestOvmf.RESET_ADDRESS);
        assertThat(ovmf.hashTable()).contains(TestOvmf.HASH_TABLE);
        assertThat(ovmf.sections())
                .hasSize(6)
                .contains(new OvmfSection(OvmfSection.Kind.MEMORY, 0x80_0000, 0x9000))
                .contains(new OvmfSection(OvmfSection.Kind.KERNEL_HASHES, 0x1_0000, 0x1000));
    }

    @Test
    void refusesImagesThatAreNotWholePagesOrTooLarge() {
        assertThat(reason(Bytes.EMPTY)).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(Bytes.zeros(4097))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(Bytes.zeros(Ovmf.MAX_SIZE + 4096))).isEqualTo(Reason.TOO_LONG);
    }

    @Test
    void refusesImagesWithoutTheTablesOfSev() {
        assertThat(reason(Bytes.zeros(4096))).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(new TestOvmf().noTable().image())).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(new TestOvmf().noMetadata().image())).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(new TestOvmf().noReset().image())).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(new TestOvmf().signature(1).image())).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(new TestOvmf().version(2).image())).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(new TestOvmf().section(0x2_0000, 0x1000, 9).image())).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void refusesTablesThatDoNotAddUp() {
        assertThat(reason(new TestOvmf().tableSizeError(1).image())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().tableSizeError(-1).image())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().tableSizeError(60_000).size(4096).image()))
                .isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().resetTwice().image())).isEqualTo(Reason.NOT_CANONICAL);
        assertThat(reason(new TestOvmf().claimsMoreSections(1).image())).isEqualTo(Reason.TRUNCATED);
        assertThat(reason(new TestOvmf().claimsMoreSections(59).image())).isEqualTo(Reason.TOO_LONG);
        assertThat(reason(new TestOvmf().claimsMoreSections(-7).image())).isEqualTo(Reason.TOO_LONG);
    }

    @Test
    void refusesSectionsThatNoHostCanPrepare() {
        assertThat(reason(new TestOvmf().section(0x2_0001, 0x1000, 1).image())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().section(0x2_0000, 0x1001, 1).image())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().section(0x2_0000, 0, 1).image())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().section(0xffff_f000L, 0x2000, 1).image()))
                .isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().section(0x2_0000, 0x1000, 0x10).image()))
                .isEqualTo(Reason.NOT_CANONICAL);
        assertThat(reason(new TestOvmf().section(0x2_0000, 0x2000, 2).image())).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(new TestOvmf().section(0x100_0000, 0x1000_0000, 1).image()))
                .isEqualTo(Reason.TOO_LONG);
    }
}
