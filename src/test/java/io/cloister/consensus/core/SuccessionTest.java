package io.cloister.consensus.core;

import static io.cloister.consensus.TestHeaders.CHAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestHeaders;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.ValidatorSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which set a header has to name. */
class SuccessionTest {
    private final ValidatorSet named = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
    private final Optional<CertifiedHeader> base =
            Optional.of(TestHeaders.certified(TestHeaders.header(0, 6, 0, named), named));

    private Statement statement(long recovery, int index) {
        return TestStatements.statement(CHAIN, recovery, index, 2, base, Optional.empty());
    }

    private Opening opening(long recovery) {
        return TestStatements.opening(4, statement(recovery, 0), statement(recovery, 1), statement(recovery, 3));
    }

    private ValidatorSet renewed(Opening opening) {
        return KeyClaim.replaced(named, opening.claims()).orElseThrow();
    }

    private Optional<ValidatorSet> follow(long before, Header header, Optional<Opening> opening) {
        return Succession.validators(before, named, header, opening, TestKeys.CHECK);
    }

    @Test
    void inOneEpochItIsTheSetThatTheBlockBeforeNames() {
        assertThat(follow(0, TestHeaders.header(0, 7, 0, named), Optional.empty()))
                .contains(named);
        ValidatorSet other = TestKeys.validators(List.of(1L, 1L, 1L, 2L));
        assertThat(follow(0, TestHeaders.header(0, 7, 0, other), Optional.empty()))
                .isEmpty();
    }

    @Test
    void withoutAnOpeningNoEpochEnds() {
        assertThat(follow(0, TestHeaders.header(2, 7, 0, named), Optional.empty()))
                .isEmpty();
        assertThat(follow(2, TestHeaders.header(0, 7, 0, named), Optional.empty()))
                .isEmpty();
        Header promises = TestHeaders.header(0, 7, 0, named, named, Optional.of(opening(2)));
        assertThat(follow(0, promises, Optional.empty())).isEmpty();
    }

    @Test
    void anOpeningOfAQuorumPutsItsKeysIn() {
        Opening opening = opening(2);
        Header first = TestHeaders.header(2, 7, 0, renewed(opening), named, Optional.of(opening));
        assertThat(follow(0, first, Optional.of(opening))).contains(renewed(opening));
        assertThat(renewed(opening).bySlot(3)).isEqualTo(named.bySlot(3));
    }

    @Test
    void anOpeningThatDoesNotFollowIsRefused() {
        Opening opening = opening(2);
        ValidatorSet set = renewed(opening);
        assertThat(follow(2, TestHeaders.header(2, 7, 0, set, named, Optional.of(opening)), Optional.of(opening)))
                .isEmpty(); // the epoch is open already
        assertThat(follow(0, TestHeaders.header(3, 7, 0, set, named, Optional.of(opening)), Optional.of(opening)))
                .isEmpty(); // of another epoch than the header
        assertThat(follow(0, TestHeaders.header(2, 6, 0, set, named, Optional.of(opening)), Optional.of(opening)))
                .isEmpty(); // its base is not below the block
        assertThat(follow(0, TestHeaders.header(2, 7, 0, set, named, Optional.empty()), Optional.of(opening)))
                .isEmpty(); // the header does not name it
        assertThat(follow(0, TestHeaders.header(2, 7, 0, named, named, Optional.of(opening)), Optional.of(opening)))
                .isEmpty(); // the header names the keys from before
    }

    @Test
    void tooFewStatementsOrOnesThatAreNotGenuineOpenNothing() {
        Opening few = TestStatements.opening(4, statement(2, 0), statement(2, 1));
        assertThat(Succession.validators(named, CHAIN, few, TestKeys.CHECK)).isEmpty();
        Statement real = statement(2, 1);
        Statement forged = new Statement(
                TestStatements.signed(real.claim(), TestKeys.nodeId(0)), real.evidence(), real.base(), real.polka());
        Opening bad = TestStatements.opening(4, statement(2, 0), forged, statement(2, 3));
        assertThat(Succession.validators(named, CHAIN, bad, TestKeys.CHECK)).isEmpty();
        assertThat(Succession.validators(named, "other", opening(2), TestKeys.CHECK))
                .isEmpty();
        assertThat(Succession.validators(named, CHAIN, opening(2), TestKeys.CHECK))
                .isPresent();
    }

    @Test
    void strangersDoNotCountTowardsAQuorum() {
        Opening padded = TestStatements.opening(4, statement(2, 0), statement(2, 1), statement(2, 8), statement(2, 9));
        assertThat(Succession.validators(named, CHAIN, padded, TestKeys.CHECK)).isEmpty();
    }
}
