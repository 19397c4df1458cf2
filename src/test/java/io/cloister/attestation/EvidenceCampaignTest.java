package io.cloister.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Changed evidence is never accepted, whatever was changed: some rounds in every build, and as many as fit into the
 * seconds of {@code cloister.budget} on demand.
 */
class EvidenceCampaignTest {
    private static final int LEAST_ROUNDS = 400;
    private static final Leaf LEAF = new Leaf(Purpose.PEER_CHANNEL, List.of(TestChips.filled(32, 1)));

    @Test
    void acceptsNoChangedEvidence() {
        long seed = Long.getLong("cloister.seed", 20261120);
        long budget = Integer.getInteger("cloister.budget", 0) * 1_000_000_000L;
        Random random = new Random(seed);
        SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
        Policy policy = TestChips.policy(ProductLine.GENOA);
        Evidence evidence = TestChips.evidence(chip, TestChips.report(chip, 3), TestChips.keys(), LEAF);
        Bytes encoded = evidence.encode();
        EvidenceVerifier verifier = new EvidenceVerifier();
        assertThat(verifier.verify(evidence, LEAF, policy, TestChips.AT).accepted())
                .isTrue();

        long begin = System.nanoTime();
        int rounds = 0;
        int readable = 0;
        while (rounds < LEAST_ROUNDS || System.nanoTime() - begin < budget) {
            Bytes changed = change(encoded, random);
            rounds++;
            if (changed.equals(encoded)) {
                continue;
            }
            try {
                Verdict verdict = verifier.verify(Evidence.decode(changed), LEAF, policy, TestChips.AT);
                readable++;
                assertThat(verdict.accepted())
                        .as("seed %d round %d", seed, rounds)
                        .isFalse();
            } catch (CodecException e) {
                assertThat(e.reason()).isNotNull();
            }
        }
        System.getLogger(EvidenceCampaignTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "{0} changed encodings, {1} of them readable, none accepted",
                        rounds,
                        readable);
    }

    private static Bytes change(Bytes original, Random random) {
        byte[] bytes = original.toArray();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                default -> {
                    int length = Math.min(1 + random.nextInt(40), bytes.length - at);
                    System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
                }
            }
        }
        return Bytes.wrap(bytes);
    }
}
