package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TcbTest {
    @Test
    void readsBothLayouts() {
        assertThat(Tcb.decode(TcbLayout.EARLY, Bytes.hex("0a00000000001754"))).isEqualTo(Tcb.early(10, 0, 23, 84));
        assertThat(Tcb.decode(TcbLayout.TURIN, Bytes.hex("0102030400000051")))
                .isEqualTo(new Tcb(TcbLayout.TURIN, 1, 2, 3, 4, 0x51));
    }

    @ParameterizedTest
    @EnumSource(TcbLayout.class)
    void readsBackWhatItWrites(TcbLayout layout) {
        Tcb tcb = new Tcb(layout, layout.hasFmc() ? 255 : 0, 254, 253, 252, 251);

        assertThat(Tcb.decode(layout, tcb.encode())).isEqualTo(tcb);
    }

    @ParameterizedTest
    @CsvSource({"EARLY, 2", "EARLY, 3", "EARLY, 4", "EARLY, 5", "TURIN, 4", "TURIN, 5", "TURIN, 6"})
    void refusesReservedBytes(TcbLayout layout, int at) {
        byte[] eight = new byte[8];
        eight[at] = 1;

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> Tcb.decode(layout, Bytes.of(eight)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_CANONICAL));
    }

    @Test
    void comparesEachComponentAlone() {
        Tcb base = new Tcb(TcbLayout.TURIN, 5, 5, 5, 5, 5);

        assertThat(base.covers(base)).isTrue();
        assertThat(new Tcb(TcbLayout.TURIN, 4, 9, 9, 9, 9).covers(base)).isFalse();
        assertThat(new Tcb(TcbLayout.TURIN, 9, 4, 9, 9, 9).covers(base)).isFalse();
        assertThat(new Tcb(TcbLayout.TURIN, 9, 9, 4, 9, 9).covers(base)).isFalse();
        assertThat(new Tcb(TcbLayout.TURIN, 9, 9, 9, 4, 9).covers(base)).isFalse();
        assertThat(new Tcb(TcbLayout.TURIN, 9, 9, 9, 9, 4).covers(base)).isFalse();
        assertThat(new Tcb(TcbLayout.TURIN, 9, 9, 9, 9, 9).covers(Tcb.early(0, 0, 0, 0)))
                .isFalse();
    }

    @Test
    void refusesComponentsThatCannotBe() {
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> Tcb.early(256, 0, 0, 0));
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> Tcb.early(0, 0, 0, -1));
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> new Tcb(TcbLayout.EARLY, 1, 0, 0, 0, 0));
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> Tcb.decode(TcbLayout.EARLY, Bytes.zeros(7)));
    }

    @ParameterizedTest
    @CsvSource({
        "0x19, 0x00, MILAN", "0x19, 0x0F, MILAN", "0x19, 0x10, GENOA", "0x19, 0x11, GENOA", "0x19, 0x1F, GENOA",
        "0x19, 0xA0, GENOA", "0x19, 0xAF, GENOA", "0x1A, 0x00, TURIN", "0x1A, 0x02, TURIN", "0x1A, 0x11, TURIN"
    })
    void knowsProcessors(String family, String model, ProductLine line) {
        assertThat(ProductLine.ofCpuid(Integer.decode(family), Integer.decode(model)))
                .contains(line);
    }

    @ParameterizedTest
    @CsvSource({"0x17, 0x31", "0x19, 0x20", "0x19, 0x9F", "0x19, 0xB0", "0x1A, 0x12", "0x1A, 0x50", "0x1A, 0xA0"})
    void knowsNoOtherProcessors(String family, String model) {
        assertThat(ProductLine.ofCpuid(Integer.decode(family), Integer.decode(model)))
                .isEmpty();
    }

    @Test
    void readsLineTitles() {
        assertThat(ProductLine.ofTitle("Milan-B0")).contains(ProductLine.MILAN);
        assertThat(ProductLine.ofTitle("Genoa")).contains(ProductLine.GENOA);
        assertThat(ProductLine.ofTitle("Genoas")).isEmpty();
        assertThat(ProductLine.ofTitle("")).isEmpty();
    }
}
