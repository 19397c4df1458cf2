package io.cloister.consensus.core;

import static io.cloister.consensus.TestHeaders.CHAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.consensus.HeaderLink;
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

/** The light walk: what a certified header makes a node believe. */
class TrustTest {
    private final ValidatorSet first = TestKeys.validators(List.of(1L, 1L, 1L, 1L));
    private final ValidatorSet second = TestKeys.validators(List.of(1L, 1L, 1L, 2L));
    private final Trust start = new Trust(10, Bytes.zeros(32), 100, 0, Optional.empty(), first, Optional.empty());

    private static HeaderLink link(Header header, ValidatorSet voters, Optional<ValidatorSet> next) {
        return new HeaderLink(TestHeaders.certified(header, voters), Optional.empty(), next);
    }

    private Optional<Trust> follow(Trust from, HeaderLink link) {
        return from.follow(CHAIN, link, TestKeys.CHECK);
    }

    @Test
    void heightsWithoutAChangeAreLeftOut() {
        Trust far = follow(start, link(TestHeaders.header(0, 5_000, 0, first), first, Optional.empty()))
                .orElseThrow();
        assertThat(far.height()).isEqualTo(5_000);
        assertThat(far.own()).contains(first);
        assertThat(far.named()).isEqualTo(first);
    }

    @Test
    void aChangeOfTheSetNeedsAStepThatTheSetBeforeCertified() {
        HeaderLink later = link(TestHeaders.header(0, 30, 0, second), second, Optional.empty());
        assertThat(follow(start, later)).isEmpty();
        Header change = TestHeaders.header(0, 20, 0, first, second, Optional.empty());
        Trust changed = follow(start, link(change, first, Optional.of(second))).orElseThrow();
        assertThat(changed.named()).isEqualTo(second);
        assertThat(follow(changed, later)).isPresent();
        assertThat(follow(start, link(change, first, Optional.empty()))).isEmpty();
        assertThat(follow(start, link(change, first, Optional.of(first)))).isEmpty();
    }

    @Test
    void nothingIsBelievedByClaim() {
        Header header = TestHeaders.header(0, 20, 0, first);
        CertifiedHeader other = TestHeaders.certified(TestHeaders.header(0, 20, 1, first), first);
        ValidatorSet two = TestKeys.validators(List.of(1L, 1L));
        assertThat(follow(start, link(header, two, Optional.empty()))).isEmpty();
        assertThat(follow(
                        start,
                        new HeaderLink(
                                new CertifiedHeader(header, other.certificate(), List.of()),
                                Optional.empty(),
                                Optional.empty())))
                .isEmpty();
        assertThat(start.follow("another", link(header, first, Optional.empty()), TestKeys.CHECK))
                .isEmpty();
        assertThat(follow(start, link(TestHeaders.header(0, 10, 0, first), first, Optional.empty())))
                .isEmpty();
        assertThat(follow(start, link(TestHeaders.header(1, 20, 0, first), first, Optional.empty())))
                .isEmpty();
    }

    @Test
    void theNextHeightHasToNameTheTrustedBlockAsItsParent() {
        HeaderLink next = link(TestHeaders.header(0, 11, 0, first), first, Optional.empty());
        assertThat(follow(start, next)).isPresent();
        Trust other = new Trust(10, first.hash(), 100, 0, Optional.empty(), first, Optional.empty());
        assertThat(follow(other, next)).isEmpty();
    }

    @Test
    void anOpeningOfAQuorumBeginsAnEpoch() {
        Optional<CertifiedHeader> base = Optional.of(TestHeaders.certified(TestHeaders.header(0, 15, 0, first), first));
        Opening opening = TestStatements.opening(4, statement(base, 0), statement(base, 1), statement(base, 3));
        ValidatorSet renewed = KeyClaim.replaced(first, opening.claims()).orElseThrow();
        Header begins = TestHeaders.header(2, 16, 0, renewed, renewed, Optional.of(opening));
        HeaderLink link =
                new HeaderLink(TestHeaders.certified(begins, renewed), Optional.of(opening), Optional.empty());
        Trust opened = follow(start, link).orElseThrow();
        assertThat(opened.epoch()).isEqualTo(2);
        assertThat(opened.named()).isEqualTo(renewed);
        Opening few = TestStatements.opening(4, statement(base, 0), statement(base, 1));
        ValidatorSet fewKeys = KeyClaim.replaced(first, few.claims()).orElseThrow();
        Header lie = TestHeaders.header(2, 16, 0, fewKeys, fewKeys, Optional.of(few));
        assertThat(follow(
                        start, new HeaderLink(TestHeaders.certified(lie, fewKeys), Optional.of(few), Optional.empty())))
                .isEmpty();
    }

    private static Statement statement(Optional<CertifiedHeader> base, int index) {
        return TestStatements.statement(CHAIN, 2, index, 2, base, Optional.empty());
    }
}
