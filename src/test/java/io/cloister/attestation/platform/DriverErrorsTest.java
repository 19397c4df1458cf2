package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.platform.DerivedKeyRequest.GuestField;
import io.cloister.attestation.platform.DerivedKeyRequest.RootKey;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DriverErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0, AccessDenied",
        "2, 0, DeviceMissing",
        "4, 0xff, Interrupted",
        "6, 0, DeviceMissing",
        "11, 0, HostBusy",
        "12, 0xff, OutOfMemory",
        "13, 0, AccessDenied",
        "14, 0xff, DeviceFailure",
        "19, 0, DeviceMissing",
        "22, 0xff, InvalidRequest",
        "25, 0xff, KeyWiped",
        "63, 0xff, DeviceFailure",
        "74, 0, MessageCorrupted",
        "107, 0, DeviceMissing",
        "110, 0x200000000, TimedOut",
        "5, 0x100000000, BufferTooSmall",
        "5, 0x200000000, HostBusy",
        "5, 0x300000000, HostError",
        "5, 0x16, FirmwareError",
        "5, 0xff, DeviceFailure",
        "5, 0, DeviceFailure",
        "9999, 0, DeviceFailure"
    })
    void namesEveryError(int errno, String exitInfo, String name) {
        PlatformException error = DriverErrors.of("SNP_GET_REPORT", errno, Long.decode(exitInfo), 8192);

        assertThat(error.getClass().getSimpleName()).isEqualTo(name);
        assertThat(error.getMessage()).contains("errno " + errno);
    }

    @Test
    void carriesWhatTheDriverSaid() {
        assertThat(DriverErrors.of("x", 5, 1L << 32, 8192))
                .isInstanceOfSatisfying(
                        PlatformException.BufferTooSmall.class,
                        e -> assertThat(e.needed()).isEqualTo(8192));
        assertThat(DriverErrors.of("x", 5, 7L << 32, 0))
                .isInstanceOfSatisfying(
                        PlatformException.HostError.class,
                        e -> assertThat(e.code()).isEqualTo(7));
        assertThat(DriverErrors.of("x", 5, 0x27, 0))
                .isInstanceOfSatisfying(
                        PlatformException.FirmwareError.class,
                        e -> assertThat(e.status().name()).isEqualTo("INVALID_KEY"));
    }

    @Test
    void saysWhatIsWorthAnotherTry() {
        assertThat(DriverErrors.of("x", 5, 2L << 32, 0).worthRetrying()).isTrue();
        assertThat(DriverErrors.of("x", 4, 0, 0).worthRetrying()).isTrue();
        assertThat(DriverErrors.of("x", 25, 0xff, 0).worthRetrying()).isFalse();
        assertThat(DriverErrors.of("x", 110, 2L << 32, 0).worthRetrying()).isFalse();
    }

    @Test
    void refusesAnswersOfAnotherShape() {
        byte[] refused = new byte[GuestAnswers.REPORT_BUFFER];
        refused[0] = 0x27;
        byte[] small = new byte[GuestAnswers.REPORT_BUFFER];

        assertThatExceptionOfType(PlatformException.FirmwareError.class).isThrownBy(() -> GuestAnswers.report(refused));
        assertThatExceptionOfType(PlatformException.MalformedAnswer.class).isThrownBy(() -> GuestAnswers.report(small));
    }

    @Test
    void derivedKeyLeavesNothingInTheBuffer() {
        byte[] answer = new byte[GuestAnswers.KEY_BUFFER];
        Arrays.fill(answer, 32, 64, (byte) 7);

        try (var key = GuestAnswers.key(answer)) {
            assertThat(key.<Boolean>use(bytes -> bytes.length == 32 && bytes[0] == 7 && bytes[31] == 7))
                    .isTrue();
            assertThat(answer).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource(RootKey.class)
    void derivedKeyRequestIsReadBack(RootKey root) {
        for (int bits = 0; bits < 64; bits++) {
            EnumSet<GuestField> fields = EnumSet.noneOf(GuestField.class);
            for (GuestField field : GuestField.values()) {
                if ((bits >> field.bit & 1) != 0) {
                    fields.add(field);
                }
            }
            DerivedKeyRequest request =
                    new DerivedKeyRequest(root, fields, 3, 0xffff_ffffL, Bytes.hex("0102030405060708"));
            Writer writer = new Writer();
            request.encode(writer);
            assertThat(DerivedKeyRequest.decode(new Reader(writer.toBytes()))).isEqualTo(request);
            assertThat(request.fieldSelect()).isEqualTo(bits);
            assertThat(request.tcbNumber()).isEqualTo(0x0807060504030201L);
        }
    }

    @Test
    void refusesDerivedKeyRequestsThatCannotBe() {
        Bytes tcb = Bytes.zeros(8);
        EnumSet<GuestField> none = EnumSet.noneOf(GuestField.class);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new DerivedKeyRequest(RootKey.VCEK, none, 4, 0, tcb));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new DerivedKeyRequest(RootKey.VCEK, none, 0, -1, tcb));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new DerivedKeyRequest(RootKey.VCEK, none, 0, 0, Bytes.zeros(7)));
        for (String encoded : new String[] {"0200000000000000000000000000ff", "0040000000000000000000000000ff"}) {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> DerivedKeyRequest.decode(new Reader(Bytes.hex(encoded))));
        }
    }
}
