package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.policy.Demand;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final Policy DEVNET =
            Policy.devnet(List.of(TestChips.MEASUREMENT), List.of(TestChips.filled(32, 1)));
    private static final Policy FULL = Policies.with(DEVNET)
            .measurements(TestChips.MEASUREMENT, TestChips.filled(48, 2))
            .productLine(ProductLine.MILAN, Tcb.early(4, 0, 24, 219))
            .productLine(ProductLine.TURIN, TestChips.TURIN_TCB)
            .set("guest", "singleSocket", "'required'")
            .set("guest", "minimumAbiMajor", "1")
            .set("launch", "maximumVmpl", "1")
            .set("firmware", "minimumMitigations", "{'Turin': {'launch': '0x3f', 'current': '0x1'}}")
            .set(
                    "boot",
                    "profiles",
                    "{'azure': {'measurements': [], 'idKeys': [], 'pcrs': {'4': ['"
                            + TestChips.filled(32, 5).toHex() + "']}}}")
            .custody(TestChips.filled(64, 3), Custody.COLOCATED)
            .custody(TestChips.filled(8, 4), Custody.CLOUD_OPERATED)
            .build();

    private static void refuses(String json, Reason reason) {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> Policy.parse(Bytes.utf8(json)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void readsBackWhatItWrites() {
        assertThat(Policy.parse(Bytes.utf8(DEVNET.toJson()))).isEqualTo(DEVNET);
        assertThat(Policy.parse(Bytes.utf8(FULL.toJson()))).isEqualTo(FULL);
    }

    @Test
    void digestDependsOnContentAndNotOnForm() {
        String spaced = FULL.toJson().replace("\n", "\n\n").replace(" : ", ":");

        assertThat(Policy.parse(Bytes.utf8(spaced)).digest()).isEqualTo(FULL.digest());
        assertThat(DEVNET.digest()).isNotEqualTo(FULL.digest());
        assertThat(Policies.with(FULL).set("launch", "maximumVmpl", "2").build().digest())
                .isNotEqualTo(FULL.digest());
        assertThat(FULL.digest().length()).isEqualTo(32);
    }

    @Test
    void devnetRefusesDebugAndMilan() {
        assertThat(DEVNET.guest().debug()).isEqualTo(Demand.FORBIDDEN);
        assertThat(DEVNET.roots().productLines()).containsExactly(ProductLine.GENOA, ProductLine.TURIN);
        assertThat(DEVNET.launch().maximumVmpl()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"maximumVmpl\" : 1 | \"maximumVmpl\" : 1, \"extra\" : 1",
                "\"maximumVmpl\" : 1 | \"maximumVmpl\" : 1, \"maximumVmpl\" : 1",
                "\"maximumVmpl\" : 1 | \"maximumVmpl\" : \"1\"",
                "\"maximumVmpl\" : 1 | \"maximumVmpl\" : 1.5",
                "\"maximumVmpl\" : 1 | \"maximumVmpl\" : 1.0",
                "\"maximumVmpl\" : 1 | \"maximumVmpl\" : true",
                "\"maximumVmpl\" : 1 | \"maximumVmpl\" : null",
                "\"debug\" : \"forbidden\" | \"debug\" : 0",
                "\"debug\" : \"forbidden\" | \"debug\" : \"false\"",
                "\"debug\" : \"forbidden\" | \"debugg\" : \"forbidden\"",
                "\"Genoa\", | \"genoa\",",
                "\"Genoa\", | \"Genoa-B1\",",
                "\"Genoa\", | null,",
                "\"colocated\" | \"nobody\"",
                "\"colocated\" | null",
                "\"fmc\" : 1 | \"fmcs\" : 1",
            })
    void refusesWhatIsNotSuchADocument(String from, String to) {
        String json = FULL.toJson();
        assertThat(json).contains(from);

        refuses(json.replace(from, to), Reason.BAD_TEXT);
    }

    /** A member that can be equal to nothing in a report would be a demand that is never made. */
    @Test
    void refusesNamesThatNothingEverHas() {
        String turin = TestChips.filled(8, 4).toHex();
        refuses(FULL.toJson().replace(turin, turin + "00".repeat(56)), Reason.OUT_OF_RANGE);
        refuses(FULL.toJson().replace(turin, "00".repeat(8)), Reason.OUT_OF_RANGE);
        for (String processor : List.of("19/11/01", "19/11/256", "19/11/999")) {
            Policies policy = Policies.with(FULL);
            assertThatExceptionOfType(CodecException.class)
                    .as(processor)
                    .isThrownBy(() -> policy.set("firmware", "minimumMicrocode", "{'" + processor + "': 1}")
                            .build());
        }
    }

    @Test
    void refusesOnePcrByTwoNames() {
        refuses(FULL.toJson().replace("\"4\" :", "\"04\" :"), Reason.BAD_TEXT);
    }

    @Test
    void refusesValuesThatCannotBe() {
        String json = FULL.toJson();
        String measurement = TestChips.MEASUREMENT.toHex();

        refuses(json.replace("\"maximumVmpl\" : 1", "\"maximumVmpl\" : 4"), Reason.OUT_OF_RANGE);
        refuses(json.replace(measurement, measurement.substring(2)), Reason.OUT_OF_RANGE);
        refuses(json.replace(measurement, measurement.substring(1)), Reason.BAD_TEXT);
        refuses(json.replace("\"microcode\" : 219", "\"microcode\" : 256"), Reason.OUT_OF_RANGE);
        refuses(json.replace("\"colocated\"", "\"simulated\""), Reason.OUT_OF_RANGE);
        refuses(json.replace("\"Genoa\", ", "\"Genoa\", \"Genoa\", "), Reason.NOT_CANONICAL);
        refuses(json.replace("\"fmc\" : 1,", ""), Reason.OUT_OF_RANGE);
        refuses(json + "{}", Reason.BAD_TEXT);
        refuses("", Reason.BAD_TEXT);
        refuses("null", Reason.BAD_TEXT);
        refuses("[]", Reason.BAD_TEXT);
        refuses("{".repeat(5000), Reason.BAD_TEXT);
        refuses(" ".repeat(Policy.MAX_SIZE + 1), Reason.TOO_LONG);
    }

    @Test
    void refusesPcrsThatAGuestCanBeginAnew() {
        String json = FULL.toJson();
        assertThat(json).contains("\"4\" : [");
        for (String register : List.of("16", "23")) {
            refuses(json.replace("\"4\" : [", "\"" + register + "\" : ["), Reason.OUT_OF_RANGE);
        }
    }

    @Test
    void namesTheMemberThatIsWrongAndNoClassOfAnyLibrary() {
        for (String json : List.of(
                FULL.toJson().replace("\"maximumVmpl\"", "\"maximumVMPL\""),
                FULL.toJson().replace("\"maximumVmpl\" : 1", "\"maximumVmpl\" : \"a\""),
                "[]",
                "{",
                "")) {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> Policy.parse(Bytes.utf8(json)))
                    .withMessageNotContaining("io.cloister")
                    .withMessageNotContaining("fasterxml")
                    .withMessageNotContaining("java.")
                    .withMessageStartingWith("not a policy: ");
        }
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> Policy.parse(
                        Bytes.utf8(FULL.toJson().replace("\"maximumVmpl\" : 1", "\"maximumVmpl\" : \"a\""))))
                .withMessageContaining("maximumVmpl");
    }

    @Property(tries = 200)
    void endsInAPolicyOrATypedErrorForAnyText(@ForAll String text) {
        try {
            Policy.parse(Bytes.utf8(text));
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    /** A stranger chooses the policy by which evidence is judged, so no list of 256 KiB may cost more than another. */
    @Test
    void listsOfStringsWithOneHashCodeCostNoMoreThanOthers() {
        Bytes ordinary = measurements(i -> "%028x".formatted(i));
        Bytes colliding = measurements(i -> {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            return text.toString();
        });
        nanos(ordinary);

        assertThat(nanos(colliding)).isLessThan(20 * nanos(ordinary) + 100_000_000);
    }

    private static Bytes measurements(IntFunction<String> each) {
        String list = IntStream.range(0, 8_000).mapToObj(each).collect(Collectors.joining("','"));
        return Bytes.utf8("{'format':'cloister/policy/v1','launch':{'measurements':['%s']}}"
                .formatted(list)
                .replace('\'', '"'));
    }

    /** Processor time until the policy is refused, the least of three. */
    private static long nanos(Bytes policy) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long begin = threads.getCurrentThreadCpuTime();
            assertThatExceptionOfType(CodecException.class).isThrownBy(() -> Policy.parse(policy));
            least = Math.min(least, threads.getCurrentThreadCpuTime() - begin);
        }
        return least;
    }
}
