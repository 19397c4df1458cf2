package io.cloister.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.TestChips;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Writer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client before TPMs that answer anything. */
class TpmTest {
    private static final PcrSelection ALL = new PcrSelection(TpmHash.SHA256.id, 0xFF_FFFF);
    private static final List<Consumer<Tpm>> REQUESTS = List.of(
            Tpm::startup,
            tpm -> tpm.nvReadPublic(7),
            tpm -> tpm.nvRead(7),
            tpm -> tpm.nvWrite(7, Bytes.zeros(9)),
            tpm -> tpm.nvDefine(7, 9),
            tpm -> tpm.nvUndefine(7),
            tpm -> tpm.readPublic(7),
            Tpm::createAttestationKey,
            tpm -> tpm.persist(7, 8),
            tpm -> tpm.flush(7),
            tpm -> tpm.quote(7, Bytes.zeros(8), List.of(ALL)),
            tpm -> tpm.pcrRead(ALL),
            tpm -> tpm.pcrExtend(7, Bytes.zeros(32)));

    private record Fake(UnaryOperator<Bytes> answer) implements TpmTransport {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public Bytes transmit(Bytes command) {
            return answer.apply(command);
        }

        @Override
        public void close() {}
    }

    private static Tpm answering(Bytes... answers) {
        Iterator<Bytes> next = List.of(answers).iterator();
        return new Tpm(new Fake(command -> next.next()));
    }

    private static Bytes answer(int tag, int code, Bytes body) {
        return new Writer()
                .u16(tag)
                .u32(10L + body.length())
                .u32(code)
                .fixed(body)
                .toBytes();
    }

    private static Bytes pcrs(int updates, int bitmap, Bytes... values) {
        Writer out = new Writer().u32(updates);
        PcrSelection.encodeList(out, List.of(new PcrSelection(TpmHash.SHA256.id, bitmap)));
        out.u32(values.length);
        for (Bytes value : values) {
            Marshal.sized(out, value);
        }
        return answer(0x8001, 0, out.toBytes());
    }

    @Property(tries = 300)
    void anyAnswerEndsInATypedException(@ForAll @Size(max = 120) byte[] noise) {
        for (Bytes raw :
                new Bytes[] {Bytes.of(noise), answer(0x8001, 0, Bytes.of(noise)), answer(0x8002, 0, Bytes.of(noise))}) {
            for (Consumer<Tpm> request : REQUESTS) {
                try {
                    request.accept(new Tpm(new Fake(command -> raw)));
                } catch (TpmException e) {
                    assertThat(e.getMessage()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void laysACommandOutAsTheSpecificationSays() {
        List<Bytes> sent = new ArrayList<>();
        Tpm tpm = new Tpm(new Fake(command -> {
            sent.add(command);
            return answer(0x8002, 0, Bytes.hex("00000000" + "0000010000"));
        }));
        tpm.pcrExtend(16, TestChips.filled(32, 0xAB));

        assertThat(sent)
                .containsExactly(Bytes.concat(
                        Bytes.hex("8002" + "00000041" + "00000182" + "00000010"),
                        Bytes.hex("00000009" + "40000009" + "0000" + "01" + "0000"),
                        Bytes.hex("00000001" + "000b"),
                        TestChips.filled(32, 0xAB)));
    }

    @ParameterizedTest
    @CsvSource({
        "0x100, NOT_STARTED, 0x100 INITIALIZE",
        "0x101, BROKEN, 0x101 FAILURE",
        "0x143, UNSUPPORTED, 0x143 COMMAND_CODE",
        "0x18b, NO_SUCH_HANDLE, 0x18b HANDLE of handle 1",
        "0x2cb, NO_SUCH_HANDLE, 0x2cb HANDLE of parameter 2",
        "0x1d5, INVALID, 0x1d5 SIZE of parameter 1",
        "0x98e, NOT_AUTHORISED, 0x98e AUTH_FAIL of session 1",
        "0x9a2, NOT_AUTHORISED, 0x9a2 BAD_AUTH of session 1",
        "0x921, LOCKED_OUT, 0x921 LOCKOUT",
        "0x922, BUSY, 0x922 RETRY",
        "0x148, NV_LOCKED, 0x148 NV_LOCKED",
        "0x14a, NV_NOT_WRITTEN, 0x14a NV_UNINITIALIZED",
        "0x14c, NV_DEFINED, 0x14c NV_DEFINED",
        "0x146, NV_RANGE, 0x146 NV_RANGE",
        "0x902, OUT_OF_MEMORY, 0x902 OBJECT_MEMORY",
        "0x0bf, INVALID, 0x0bf of handle 0",
        "0x7f7f, OTHER, 0x7f7f"
    })
    void everyResponseCodeBecomesATypedException(String code, ResponseCode.Kind kind, String name) {
        int number = Integer.decode(code);
        assertThatExceptionOfType(TpmException.Refused.class)
                .isThrownBy(() -> answering(answer(0x8001, number, Bytes.EMPTY)).readPublic(7))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e.code()).hasToString(name);
                    assertThat(e.worthRetrying()).isEqualTo(kind == ResponseCode.Kind.BUSY);
                });
    }

    @Test
    void readsPcrsAnewWhenOneChangedInBetween() {
        Bytes one = TestChips.filled(32, 1);
        Bytes two = TestChips.filled(32, 2);
        PcrValues values = answering(pcrs(1, 1, one), pcrs(2, 2, one), pcrs(2, 1, two), pcrs(2, 2, two))
                .pcrRead(PcrSelection.sha256(List.of(0, 1)));

        assertThat(values.values()).containsEntry(0, two).containsEntry(1, two);
    }

    @Test
    void givesUpOnPcrsThatChangeWithoutEndOrAreNotGiven() {
        int[] updates = {0};
        Tpm restless = new Tpm(new Fake(command -> pcrs(updates[0]++, 1, Bytes.zeros(32))));
        assertThatExceptionOfType(TpmException.MalformedAnswer.class)
                .isThrownBy(() -> restless.pcrRead(PcrSelection.sha256(List.of(0, 1))));
        for (Bytes answer : new Bytes[] {
            pcrs(1, 0),
            pcrs(1, 2, Bytes.zeros(32)),
            pcrs(1, 1),
            pcrs(1, 1, Bytes.zeros(20)),
            pcrs(1, 1, Bytes.zeros(32), Bytes.zeros(32))
        }) {
            Tpm tpm = new Tpm(new Fake(command -> answer));
            assertThatExceptionOfType(TpmException.MalformedAnswer.class)
                    .isThrownBy(() -> tpm.pcrRead(PcrSelection.sha256(List.of(0))));
        }
    }

    @Test
    void refusesUserDataThatIsTooLong() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> new AzureVtpm(answering()).requestReport(Bytes.zeros(65)));
    }
}
