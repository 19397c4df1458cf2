package io.cloister.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Collateral;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.Vectors;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.codec.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a verifier remembers changes no verdict and none of its words, and never grows without bound. */
class MemoryTest {
    private static final SignatureProvider PROVIDER = SignatureProvider.best();
    private static final Set<Bytes> TRUSTED = TestChips.roots(ProductLine.GENOA);
    private static final List<Instant> CLOCKS = List.of(
            TestChips.AT,
            TestChips.NOT_BEFORE.minusSeconds(1),
            Instant.parse("2025-06-01T00:00:00Z"),
            TestChips.AT.plus(Duration.ofDays(40 * 365)));

    /** Everything that a verification is asked. */
    private record Question(Bytes report, Collateral chain, Optional<Bytes> crl, Set<Bytes> roots, Instant at) {
        Verification ask(SnpVerifier verifier) {
            return verifier.verify(report, chain.vek(), chain.intermediate(), chain.root(), crl, roots, at);
        }

        Question at(Instant other) {
            return new Question(report, chain, crl, roots, other);
        }

        Question trusting(Set<Bytes> others) {
            return new Question(report, chain, crl, others, at);
        }

        Question about(Bytes other) {
            return new Question(other, chain, crl, roots, at);
        }

        Question with(Collateral other) {
            return new Question(report, other, crl, roots, at);
        }

        Question with(Bytes list) {
            return new Question(report, chain, Optional.of(list), roots, at);
        }
    }

    private static Question question(SimulatedChip chip) {
        return new Question(
                chip.sign(TestChips.report(chip, 3)), chip.collateral(), Optional.empty(), TRUSTED, TestChips.AT);
    }

    /** The question and others that differ from it in one thing. */
    private static List<Question> variations(Question question) {
        List<Question> all = new ArrayList<>();
        CLOCKS.forEach(clock -> all.add(question.at(clock)));
        all.add(question.trusting(Set.of()));
        all.add(question.trusting(Set.of(TestChips.stranger().rootDigest())));
        for (int bit = 0; bit < AttestationReport.SIZE * Byte.SIZE; bit += 997) {
            all.add(question.about(TestChips.flip(question.report(), bit)));
        }
        Collateral chain = question.chain();
        for (int bit = 0; bit < chain.vek().length() * Byte.SIZE; bit += 1499) {
            all.add(question.with(
                    new Collateral(TestChips.flip(chain.vek(), bit), chain.intermediate(), chain.root())));
            all.add(question.with(
                    new Collateral(chain.vek(), TestChips.flip(chain.intermediate(), bit), chain.root())));
            all.add(question.with(
                    new Collateral(chain.vek(), chain.intermediate(), TestChips.flip(chain.root(), bit))));
        }
        return all;
    }

    private static List<Question> simulated() {
        SimulatedChip genoa = TestChips.chip(ProductLine.GENOA);
        SimulatedChip other = TestChips.chip(ProductLine.GENOA);
        SimulatedChip turin = TestChips.chip(ProductLine.TURIN);
        SimulatedChip cloud =
                TestChips.authority(ProductLine.GENOA).issueCloudKey("CN=cloud.example", TestChips.GENOA_TCB);
        Question asked = question(genoa);
        List<Question> all = new ArrayList<>(variations(asked));
        all.add(question(turin));
        all.add(question(cloud));
        all.add(question(TestChips.stranger().issueChip(TestChips.GENOA_TCB)));
        all.add(asked.with(other.collateral()));
        all.add(asked.with(turin.collateral()));
        all.add(asked.with(new Collateral(
                turin.collateral().vek(),
                genoa.collateral().intermediate(),
                genoa.collateral().root())));
        Instant from = TestChips.AT.minusSeconds(60);
        Instant until = TestChips.AT.plusSeconds(60);
        Bytes intermediate = genoa.collateral().intermediate();
        all.add(asked.with(TestChips.authority(ProductLine.GENOA).revocationList(from, until, List.of())));
        all.add(asked.with(TestChips.authority(ProductLine.GENOA).revocationList(from, until, List.of(intermediate))));
        all.add(asked.with(Bytes.zeros(9)));
        return all;
    }

    private static List<Question> genuine() {
        List<Question> all = new ArrayList<>();
        for (String[] vector : new String[][] {
            {"tav_milan_v3", "tav_milan_vcek", "milan"},
            {"tav_genoa_v3", "tav_genoa_vcek", "genoa"},
            {"tav_turin_v5", "tav_turin_vcek", "turin"},
            {"coco_milan_v3_vlek", "coco_milan_vlek", "milan"}
        }) {
            all.addAll(variations(new Question(
                    Vectors.report(vector[0]),
                    Vectors.collateral(vector[1], vector[2]),
                    Optional.empty(),
                    Set.of(),
                    TestChips.AT)));
        }
        for (String name : List.of("turin_flip_reportdata", "turin_policy_debug", "turin_version_6")) {
            all.add(new Question(
                    Vectors.read("invalid/" + name + ".bin"),
                    Vectors.collateral("tav_turin_vcek", "turin"),
                    Optional.empty(),
                    Set.of(),
                    TestChips.AT));
        }
        return all;
    }

    /** Each question thrice in a drawn order, so that it is asked of a verifier that remembers. */
    private static void assertSameAnswers(List<Question> questions, SnpVerifier remembering) {
        SnpVerifier forgetful = new SnpVerifier(PROVIDER, Memory.NOTHING);
        List<Question> drawn = new ArrayList<>(questions);
        drawn.addAll(questions);
        drawn.addAll(questions);
        Collections.shuffle(drawn, new Random(7));
        for (Question question : drawn) {
            assertThat(question.ask(remembering)).isEqualTo(question.ask(forgetful));
        }
        assertThat(questions.stream()
                        .map(question -> question.ask(forgetful).report().isPresent())
                        .distinct())
                .as("accepted ones and refused ones")
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void givesTheSameAnswersToTestChips(Memory memory) {
        assertSameAnswers(simulated(), new SnpVerifier(PROVIDER, memory));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void givesTheSameAnswersToGenuineReports(Memory memory) {
        assertSameAnswers(genuine(), new SnpVerifier(PROVIDER, memory));
    }

    @Test
    void givesTheSameAnswersWhenChainsPushEachOtherOut() {
        assertSameAnswers(simulated(), new SnpVerifier(PROVIDER, 1, 1));
    }

    @Test
    void remembersTheChainsUsedLastAndNoMoreThanItMay() {
        SnpVerifier verifier = new SnpVerifier(PROVIDER, 1, 2);
        List<Question> chips = List.of(
                question(TestChips.chip(ProductLine.GENOA)),
                question(TestChips.chip(ProductLine.TURIN)),
                question(TestChips.chip(ProductLine.GENOA)));
        for (Question chip : chips) {
            assertThat(chip.ask(verifier).report()).isPresent();
        }

        assertThat(verifier.rememberedChains()).isEqualTo(2);
        for (Question chip : chips) {
            assertThat(chip.ask(verifier).report()).isPresent();
        }
        assertThat(Memory.CHAINS.chains).isLessThanOrEqualTo(256);
        assertThat(Memory.CHAINS.roots).isLessThanOrEqualTo(8);
    }

    @Test
    void keepsNoChainThatDidNotVerify() {
        SnpVerifier verifier = new SnpVerifier(PROVIDER);
        Question trusted = question(TestChips.chip(ProductLine.GENOA));
        trusted.trusting(Set.of()).ask(verifier);
        question(TestChips.stranger().issueChip(TestChips.GENOA_TCB)).ask(verifier);
        trusted.with(new Collateral(
                        TestChips.flip(trusted.chain().vek(), 4000),
                        trusted.chain().intermediate(),
                        trusted.chain().root()))
                .ask(verifier);

        assertThat(verifier.rememberedChains()).isZero();
    }

    @Test
    void answersManyAtOnce() throws Exception {
        SnpVerifier verifier = new SnpVerifier(PROVIDER, 1, 2);
        List<Question> questions = simulated();
        List<Verification> expected = questions.stream()
                .map(question -> question.ask(new SnpVerifier(PROVIDER, Memory.NOTHING)))
                .toList();
        List<Callable<List<Verification>>> callers = Collections.nCopies(
                4,
                () -> questions.stream().map(question -> question.ask(verifier)).toList());
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var answers : threads.invokeAll(callers)) {
                assertThat(answers.get()).isEqualTo(expected);
            }
        }
        assertThat(verifier.rememberedChains()).isBetween(1, 2);
    }
}
