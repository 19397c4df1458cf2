package io.cloister.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which keys a slot may take in a recovery. */
class KeyClaimTest {
    private static final String CHAIN = "chain";
    private static final long RECOVERY = 4;

    private final ValidatorSet set = TestKeys.validators(List.of(1L, 1L, 1L, 1L)); // each in boot 1

    private static KeyClaim claim(int index, Bytes voteKey, long boot) {
        return TestStatements.statement(CHAIN, RECOVERY, index, voteKey, boot, Optional.empty(), Optional.empty())
                .claim();
    }

    private static KeyClaim claim(int index, long boot) {
        return claim(index, TestKeys.voteKey(index, boot), boot);
    }

    private boolean isGenuine(KeyClaim claim) {
        return claim.isGenuine(set, TestKeys.CHECK);
    }

    @Test
    void aNewerBootOrTheRegisteredOneIsGenuine() {
        assertThat(isGenuine(claim(1, 2))).isTrue();
        assertThat(isGenuine(claim(1, 9))).isTrue();
        assertThat(isGenuine(claim(1, 1))).isTrue();
    }

    @Test
    void anOlderBootOrAnotherKeyOfTheRegisteredOneIsNot() {
        assertThat(isGenuine(claim(1, TestKeys.voteKey(1, 0), 0))).isFalse();
        assertThat(isGenuine(claim(1, TestKeys.voteKey(1, 2), 1))).isFalse();
    }

    @Test
    void ofTwoRecoveriesEachSlotTakesItsNewestBoot() {
        List<KeyClaim> earlier = List.of(claim(0, 3), claim(1, 2), claim(2, 2));
        List<KeyClaim> later = List.of(claim(1, 3), claim(0, 2), claim(3, 1));
        assertThat(KeyClaim.newest(earlier, later)).containsExactly(claim(0, 3), claim(1, 3), claim(2, 2), claim(3, 1));
        assertThat(KeyClaim.newest(List.of(), List.of())).isEmpty();
    }

    @Test
    void onlyTheSlotsOwnKeySignsIt() {
        KeyClaim good = claim(1, 2);
        assertThat(isGenuine(TestStatements.signed(good, TestKeys.nodeId(2)))).isFalse();
        assertThat(isGenuine(TestStatements.signed(good, TestKeys.voteKey(1)))).isFalse();
        assertThat(isGenuine(good.signed(KeyClaim.UNSIGNED))).isFalse();
    }

    @Test
    void eachFieldIsSigned() {
        KeyClaim good = claim(1, 2);
        Bytes zero = Bytes.zeros(32);
        Bytes by = good.signature();
        Bytes evidence = good.evidenceHash();
        Bytes base = good.baseHash();
        Bytes polka = good.polkaHash();
        Bytes key = good.voteKey();
        List<KeyClaim> changed = List.of(
                new KeyClaim("other", 0, RECOVERY, 2, key, 2, evidence, base, polka, by),
                new KeyClaim(CHAIN, 1, RECOVERY, 2, key, 2, evidence, base, polka, by),
                new KeyClaim(CHAIN, 0, RECOVERY + 1, 2, key, 2, evidence, base, polka, by),
                new KeyClaim(CHAIN, 0, RECOVERY, 3, key, 2, evidence, base, polka, by),
                new KeyClaim(CHAIN, 0, RECOVERY, 2, TestKeys.voteKey(1, 7), 2, evidence, base, polka, by),
                new KeyClaim(CHAIN, 0, RECOVERY, 2, key, 3, evidence, base, polka, by),
                new KeyClaim(CHAIN, 0, RECOVERY, 2, key, 2, zero, base, polka, by),
                new KeyClaim(CHAIN, 0, RECOVERY, 2, key, 2, evidence, zero, polka, by),
                new KeyClaim(CHAIN, 0, RECOVERY, 2, key, 2, evidence, base, zero, by));
        assertThat(isGenuine(good)).isTrue();
        assertThat(changed).noneMatch(this::isGenuine);
    }

    private Optional<ValidatorSet> applied(KeyClaim... claims) {
        return KeyClaim.apply(set, CHAIN, RECOVERY, List.of(claims), TestKeys.CHECK);
    }

    @Test
    void claimedKeysReplaceThoseOfTheirSlotsAndNoOthers() {
        ValidatorSet renewed = applied(claim(1, 2), claim(3, 5)).orElseThrow();
        assertThat(renewed.bySlot(2).orElseThrow())
                .isEqualTo(new Validator(2, TestKeys.nodeId(1), TestKeys.voteKey(1, 2), 1, 2));
        assertThat(renewed.bySlot(4).orElseThrow().bootCounter()).isEqualTo(5);
        assertThat(renewed.at(0)).isEqualTo(set.at(0));
        assertThat(renewed.at(2)).isEqualTo(set.at(2));
        assertThat(applied(claim(1, 1))).contains(set);
    }

    @Test
    void oneBadClaimSpoilsAll() {
        KeyClaim good = claim(1, 2);
        assertThat(applied(good, TestStatements.signed(claim(2, 2), TestKeys.nodeId(0))))
                .isEmpty();
        assertThat(applied(good, claim(2, TestKeys.voteKey(2, 3), 1))).isEmpty();
        assertThat(KeyClaim.apply(set, "other", RECOVERY, List.of(good), TestKeys.CHECK))
                .isEmpty();
        assertThat(KeyClaim.apply(set, CHAIN, RECOVERY + 1, List.of(good), TestKeys.CHECK))
                .isEmpty();
    }

    @Test
    void aSlotThatStandsTwiceOrTakesAnothersKeyIsRefused() {
        assertThat(applied(claim(1, 2), claim(1, 3))).isEmpty();
        assertThat(applied(claim(1, TestKeys.voteKey(2), 2))).isEmpty();
        assertThat(applied(claim(1, TestKeys.voteKey(7), 2), claim(2, TestKeys.voteKey(7), 2)))
                .isEmpty();
    }

    @Test
    void aSlotThatIsNoMemberChangesNothing() {
        assertThat(applied(claim(8, 2))).contains(set);
    }

    @Test
    void readsBackAndIsOfALaterRecoveryThanItsEpoch() {
        KeyClaim claim = claim(1, 2);
        Writer writer = new Writer();
        claim.encode(writer);
        Reader reader = new Reader(writer.toBytes());
        assertThat(KeyClaim.decode(reader)).isEqualTo(claim);
        reader.end();
        assertThatThrownBy(() -> new KeyClaim(
                        CHAIN, 4, 4, 2, claim.voteKey(), 2, Header.NONE, Header.NONE, Header.NONE, KeyClaim.UNSIGNED))
                .isInstanceOf(CodecException.class);
    }
}
