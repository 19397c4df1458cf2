package io.cloister.attestation.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.Vectors;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLogTest {
    private static final Bytes GOOD = new LogBuilder()
            .measured(0, "one")
            .measured(0, "two")
            .measured(4, "three")
            .build();

    private static void refuses(Bytes raw, Reason reason) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> EventLog.parse(raw))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static Bytes extended(Bytes before, String... data) {
        Bytes value = before;
        for (String each : data) {
            value = Hashes.sha256(value, Hashes.sha256(Bytes.utf8(each)));
        }
        return value;
    }

    /** PCR values that machines with these logs had; those of the second were computed apart from this code. */
    @ParameterizedTest
    @CsvSource({
        "gcp_eventlog_cos-101-amd-sev, 0, 0f35c214608d93c7a6e68ae7359b4a8be5a0e99eea9107ece427c4dea4e439cf",
        "gcp_eventlog_cos-101-amd-sev, 4, 6d9f1a1d461cf77517e8d4c488c53f338a71c5a8e2b81ab7011c14f72cbc9a80",
        "gcp_eventlog_cos-101-amd-sev, 7, 2bc6edaa921f953cec0ffb28dad4f87114886603d6a782036502d28e69d97a48",
        "gcp_eventlog_cos-101-amd-sev, 9, b5ad662e5eb9165825ee39ad66e851a67a193e0b87b27858f25ac58afa72ac57",
        "gcp_eventlog_cos-101-amd-sev, 14, d0d95459205afae879514db7b85630f5d6b8272ed8c731bf92933dbc9fe99969",
        "gcp_eventlog_ubuntu-2404-amd-sevsnp, 0, 50597a27846e91d025eef597abbc89f72bff9af849094db97b0684d8bc4c515e",
        "gcp_eventlog_ubuntu-2404-amd-sevsnp, 5, 0b0e1903aeb1bff649b82dba2cdcf5c4ffb75027e54f151ab00b3b989f16a300",
        "gcp_eventlog_ubuntu-2404-amd-sevsnp, 14, 306f9d8b94f17d93dc6e7cf8f5c79d652eb4c6c4d13de2dddc24af416e13ecaf"
    })
    void replaysGenuineLogs(String name, int pcr, String value) {
        EventLog log = EventLog.parse(Vectors.read("misc/" + name + ".bin"));

        assertThat(log.replay(TpmHash.SHA256)).containsEntry(pcr, Bytes.hex(value));
        assertThat(log.replay(TpmHash.SHA256)).containsOnlyKeys(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 14);
        assertThat(log.replay(TpmHash.SHA384).get(pcr).length()).isEqualTo(48);
    }

    @Test
    void tellsMeasuredDataFromOther() {
        EventLog log = EventLog.parse(Vectors.read("misc/gcp_eventlog_ubuntu-2404-amd-sevsnp.bin"));

        assertThat(log.events()).hasSize(116);
        assertThat(log.events().stream()
                        .filter(event -> event.type() == LogBuilder.SEPARATOR)
                        .allMatch(LogEvent::dataIsMeasured))
                .isTrue();
        assertThat(log.events().stream()
                        .filter(event -> event.type() == Integer.toUnsignedLong(LogBuilder.PROGRAM))
                        .noneMatch(LogEvent::dataIsMeasured))
                .isTrue();
    }

    @Test
    void replaysEachPcrFromZeros() {
        EventLog log = EventLog.parse(GOOD);

        assertThat(log.replay(TpmHash.SHA256))
                .containsOnlyKeys(0, 4)
                .containsEntry(0, extended(Bytes.zeros(32), "one", "two"))
                .containsEntry(4, extended(Bytes.zeros(32), "three"));
        assertThat(log.replay(TpmHash.SHA512)).isEmpty();
    }

    @Test
    void dynamicPcrsBeginWithAllBitsSet() {
        EventLog log = EventLog.parse(
                new LogBuilder().measured(17, "one").measured(23, "two").build());

        assertThat(log.replay(TpmHash.SHA256))
                .containsEntry(17, extended(TestChips.filled(32, 0xFF), "one"))
                .containsEntry(23, extended(Bytes.zeros(32), "two"));
    }

    @Test
    void startupLocalityIsTheFirstValueOfPcr0() {
        Bytes locality = Bytes.concat(Bytes.utf8("StartupLocality\0"), Bytes.hex("03"));
        LogBuilder log = new LogBuilder().event(0, 3, Bytes.EMPTY, locality).measured(0, "one");

        assertThat(EventLog.parse(log.build()).replay(TpmHash.SHA256))
                .containsEntry(0, extended(Bytes.concat(Bytes.zeros(31), Bytes.hex("03")), "one"));
        refuses(log.event(0, 3, Bytes.EMPTY, locality).build(), Reason.NOT_CANONICAL);
        refuses(
                new LogBuilder()
                        .measured(0, "one")
                        .event(0, 3, Bytes.EMPTY, locality)
                        .build(),
                Reason.NOT_CANONICAL);
        refuses(
                new LogBuilder()
                        .event(0, 3, Bytes.EMPTY, Bytes.concat(Bytes.utf8("StartupLocality\0"), Bytes.hex("05")))
                        .build(),
                Reason.OUT_OF_RANGE);
    }

    @Test
    void eventsWithoutActionExtendNothing() {
        EventLog log = EventLog.parse(new LogBuilder()
                .event(0xFFFF_FFFF, 3, Bytes.EMPTY, Bytes.utf8("anything"))
                .build());

        assertThat(log.events()).hasSize(1);
        assertThat(log.replay(TpmHash.SHA256)).isEmpty();
    }

    @Test
    void refusesLogsOfOtherFormats() {
        Bytes banks = Bytes.hex("0b0020000c003000");
        refuses(new LogBuilder(Bytes.utf8("Spec ID Event02\0"), banks, 2).build(), Reason.UNKNOWN);
        refuses(new LogBuilder(Bytes.utf8("Spec ID Event03\0"), Bytes.hex("04001400"), 1).build(), Reason.UNKNOWN);
        refuses(TestChips.flip(GOOD, 8 * 8), Reason.UNKNOWN);
    }

    @Test
    void refusesHeadersThatCannotBe() {
        Bytes id = Bytes.utf8("Spec ID Event03\0");
        refuses(new LogBuilder(id, Bytes.EMPTY, 0).build(), Reason.OUT_OF_RANGE);
        refuses(new LogBuilder(id, Bytes.EMPTY, 17).build(), Reason.OUT_OF_RANGE);
        refuses(new LogBuilder(id, Bytes.hex("0b002100"), 1).build(), Reason.OUT_OF_RANGE);
        refuses(new LogBuilder(id, Bytes.hex("12000000"), 1).build(), Reason.OUT_OF_RANGE);
        refuses(new LogBuilder(id, Bytes.hex("12004100"), 1).build(), Reason.OUT_OF_RANGE);
        refuses(new LogBuilder(id, Bytes.hex("0b0020000b002000"), 2).build(), Reason.NOT_CANONICAL);
        refuses(new LogBuilder(id, Bytes.hex("0b00200000"), 1).build(), Reason.OUT_OF_RANGE);
    }

    @Test
    void refusesEventsThatCannotBe() {
        Bytes sha256 = Bytes.concat(Bytes.hex("0b00"), Bytes.zeros(32));
        Bytes sha384 = Bytes.concat(Bytes.hex("0c00"), Bytes.zeros(48));
        refuses(new LogBuilder().measured(24, "one").build(), Reason.OUT_OF_RANGE);
        refuses(new LogBuilder().raw(0, 4, 1, sha256, Bytes.EMPTY).build(), Reason.OUT_OF_RANGE);
        refuses(
                new LogBuilder()
                        .raw(0, 4, 2, Bytes.concat(sha256, sha256), Bytes.EMPTY)
                        .build(),
                Reason.NOT_CANONICAL);
        refuses(
                new LogBuilder()
                        .raw(0, 4, 2, Bytes.concat(sha256, Bytes.hex("0400"), Bytes.zeros(20)), Bytes.EMPTY)
                        .build(),
                Reason.UNKNOWN);
        refuses(
                new LogBuilder()
                        .bytes(Bytes.concat(
                                LogBuilder.u32(0),
                                LogBuilder.u32(4),
                                LogBuilder.u32(2),
                                sha256,
                                sha384,
                                LogBuilder.u32(-1)))
                        .build(),
                Reason.TRUNCATED);
        refuses(Bytes.zeros(EventLog.MAX_SIZE + 1), Reason.TOO_LONG);
    }

    @Test
    void refusesALogCutWithinAnEvent() {
        int header = new LogBuilder().build().length();
        int event = new LogBuilder().measured(0, "one").build().length();
        for (int length = 0; length < event; length++) {
            if (length != header) {
                refuses(GOOD.slice(0, length), Reason.TRUNCATED);
            }
        }
    }

    @Property(tries = 300)
    void endsInALogOrATypedErrorForAnyBytes(@ForAll @Size(max = 200) byte[] noise) {
        parse(Bytes.of(noise));
        parse(Bytes.concat(new LogBuilder().build(), Bytes.of(noise)));
    }

    @Property(tries = 500)
    void endsInALogOrATypedErrorForAnyChangedByte(@ForAll @IntRange(max = 400) int at, @ForAll byte value) {
        byte[] changed = GOOD.toArray();
        changed[at % changed.length] = value;
        parse(Bytes.wrap(changed));
    }

    private static void parse(Bytes raw) {
        try {
            EventLog.parse(raw).replay(TpmHash.SHA256);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }
}
