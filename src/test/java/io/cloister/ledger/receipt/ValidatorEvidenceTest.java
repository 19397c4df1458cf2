package io.cloister.ledger.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Check;
import io.cloister.attestation.Check.Result;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.Purpose;
import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.TestChain;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What validators show for themselves: evidence of their vote keys. */
class ValidatorEvidenceTest {
    private static final String ID = "receipt-test";

    private final TestChain chain = new TestChain(ID, 1);
    private final SimulatedChip chip = TestChips.chip(ProductLine.GENOA);
    private final Bytes nonce = Hashes.sha256(Bytes.utf8("whoever wants to know"));

    private BootKeySet keys(int slot, String chainId, Bytes voteKey) {
        return new BootKeySet(
                chainId,
                chain.slotKeys.get(slot - 1).id(),
                1,
                Bytes.zeros(32),
                voteKey,
                Bytes.zeros(33),
                Bytes.zeros(32),
                Bytes.zeros(33));
    }

    private BootKeySet keys(int slot) {
        return keys(slot, ID, chain.voteKeys.get(slot - 1).id());
    }

    private ValidatorEvidence good(int slot) {
        return of(keys(slot));
    }

    private ValidatorEvidence of(BootKeySet keys) {
        Leaf leaf = Leaf.restNonce(nonce, keys.tlsSpki());
        return new ValidatorEvidence(nonce, TestChips.evidence(chip, TestChips.report(chip, 3), keys, leaf));
    }

    private ValidatorEvidence debug(int slot) {
        Leaf leaf = Leaf.restNonce(nonce, keys(slot).tlsSpki());
        Evidence evidence = TestChips.evidence(
                chip, TestChips.report(chip, 3).policy(new GuestPolicy(0x30000 | 1 << 19)), keys(slot), leaf);
        return new ValidatorEvidence(nonce, evidence);
    }

    private List<Check> check(ValidatorEvidence... evidence) {
        return ValidatorEvidence.check(
                List.of(evidence), ID, chain.validators(), TestChips.policy(ProductLine.GENOA), TestChips.AT);
    }

    @Test
    void threeAttestedValidatorsOfFourAreEnoughAndTwoAreNot() {
        List<Check> three = check(good(1), good(2), good(4));
        assertThat(result(three, "attested-quorum")).isEqualTo(Result.PASSED);
        assertThat(result(three, "validator-3")).isEqualTo(Result.SKIPPED);
        assertThat(result(check(good(1), good(2)), "attested-quorum")).isEqualTo(Result.FAILED);
        assertThat(result(check(good(1), good(2), good(2)), "attested-quorum"))
                .as("nobody counts twice")
                .isEqualTo(Result.FAILED);
    }

    @Test
    void refusesEvidenceOfAnotherVoteKeyOrChain() {
        Bytes another = chain.voteKeys.get(3).id();
        List<Check> checks = check(good(1), good(2), of(keys(3, ID, another)), of(keys(4, "else", another)));
        assertThat(result(checks, "validator-3")).isEqualTo(Result.SKIPPED);
        assertThat(result(checks, "validator-4")).isEqualTo(Result.SKIPPED);
        assertThat(result(checks, "attested-quorum")).isEqualTo(Result.FAILED);
    }

    @Test
    void refusesBadEvidenceUnlessGoodEvidenceIsThereToo() {
        List<Check> bad = check(good(1), good(2), debug(3));
        assertThat(result(bad, "validator-3")).isEqualTo(Result.FAILED);
        assertThat(result(bad, "attested-quorum")).isEqualTo(Result.FAILED);
        assertThat(result(check(debug(3), good(1), good(2), good(3)), "attested-quorum"))
                .isEqualTo(Result.PASSED);
    }

    @Test
    void refusesEvidenceOfAnotherNonceOrPurpose() {
        ValidatorEvidence other = new ValidatorEvidence(Bytes.zeros(32), good(3).evidence());
        assertThat(result(check(other), "validator-3")).isEqualTo(Result.FAILED);
        Leaf reKey = new Leaf(Purpose.RE_KEY, List.of(nonce, Bytes.zeros(32)));
        Evidence evidence = TestChips.evidence(chip, TestChips.report(chip, 3), keys(3), reKey);
        assertThat(result(check(new ValidatorEvidence(nonce, evidence)), "validator-3"))
                .isEqualTo(Result.FAILED);
    }

    private static Result result(List<Check> checks, String name) {
        return checks.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow()
                .result();
    }
}
