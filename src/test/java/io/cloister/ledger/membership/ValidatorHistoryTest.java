package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Committed;
import io.cloister.ledger.View;
import io.cloister.ledger.history.Frontier;
import io.cloister.ledger.history.HistoryLog;
import io.cloister.ledger.history.SetEntry;
import io.cloister.ledger.history.ValidatorHistory;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidatorHistoryTest {
    private final Boots boots = new Boots(4).start();

    private View state() {
        return boots.chain.ledger().state();
    }

    private void restart(int slot, long boot) {
        assertThat(boots.run(boots.transaction(slot, boot)).code()).isEmpty();
        boots.pass();
        boots.boot(slot, boot);
    }

    private ValidatorSet set(long epoch, long height) {
        return ValidatorHistory.at(state(), epoch, height)
                .flatMap(it -> ValidatorHistory.set(state(), it))
                .orElseThrow();
    }

    @Test
    void beginsWithTheFoundersAndGrowsWithEachChange() {
        ValidatorSet founders = boots.chain.validators();
        assertThat(ValidatorHistory.entry(state(), 0)).contains(new SetEntry(0, 1, 0, founders.hash()));
        restart(2, 2);
        ValidatorSet second = boots.chain.ledger().validators();
        boots.pass();
        assertThat(ValidatorHistory.entry(state(), 1)).contains(new SetEntry(1, 4, 0, second.hash()));
        assertThat(ValidatorHistory.frontier(state()).size()).isEqualTo(2);
        assertThat(set(0, 3)).isEqualTo(founders);
        assertThat(set(0, 4)).isEqualTo(second);
        assertThat(set(0, 1_000)).isEqualTo(second);
    }

    @Test
    void everyEntryIsProvedUnderTheRootInTheState() {
        for (int boot = 2; boot <= 6; boot++) {
            restart(1 + boot % 4, boot);
        }
        Frontier frontier = ValidatorHistory.frontier(state());
        assertThat(frontier.size()).isEqualTo(6);
        for (long index = 0; index < 6; index++) {
            SetEntry entry = ValidatorHistory.entry(state(), index).orElseThrow();
            MerkleTree.Path path = new HistoryLog().proof(state(), index);
            assertThat(path.proves(entry.encode(), frontier.root())).isTrue();
            assertThat(path.proves(
                            new SetEntry(index, entry.height() + 1, 0, entry.validatorsHash()).encode(),
                            frontier.root()))
                    .isFalse();
            assertThat(SetEntry.decode(entry.encode())).isEqualTo(entry);
        }
    }

    @Test
    void anOpeningBeginsItsEpochWithAnEntry() throws InvalidBlock {
        boots.chain.block(List.of(), Optional.of(boots.opening(3, 5)));
        ValidatorSet renewed = boots.chain.ledger().validators();
        assertThat(ValidatorHistory.entry(state(), 1)).contains(new SetEntry(1, 2, 5, renewed.hash()));
        assertThat(set(5, 2)).isEqualTo(renewed);
        assertThat(set(0, 2)).isEqualTo(boots.chain.validators());
        assertThat(ValidatorHistory.at(state(), 4, 2)).isEmpty();
        assertThat(ValidatorHistory.at(state(), 5, 1)).isEmpty();
    }

    @Test
    void aBlockThatTheEpochDecidedBeforeItsFirstOwnHasAnEntryAsWell() throws InvalidBlock {
        Committed base = boots.chain.committed.getLast();
        boots.pass();
        Opening opening = Boots.opening(IntStream.rangeClosed(1, 3)
                .mapToObj(slot -> boots.statement(
                        slot, 2, 5, boots.evidence(boots.keys(slot, 2), RecoveryLeaf.of(Boots.ID, slot, 5)), base))
                .toList());
        boots.chain.block(List.of(), Optional.of(opening));
        ValidatorSet renewed = boots.chain.ledger().validators();
        assertThat(ValidatorHistory.entry(state(), 1)).contains(new SetEntry(1, 2, 5, renewed.hash()));
        assertThat(ValidatorHistory.entry(state(), 2)).contains(new SetEntry(2, 3, 5, renewed.hash()));
    }

    @Test
    void setsThatAreLongOutOfForceAreForgottenAndEntriesStay() {
        restart(2, 2);
        while (boots.chain.ledger().height() < 1_003) {
            boots.pass();
        }
        SetEntry first = ValidatorHistory.entry(state(), 0).orElseThrow();
        assertThat(ValidatorHistory.set(state(), first)).isPresent();
        boots.pass();
        assertThat(ValidatorHistory.set(state(), first)).isEmpty();
        assertThat(set(0, 4)).isEqualTo(boots.chain.ledger().validators());
        assertThat(new HistoryLog()
                        .proof(state(), 0)
                        .proves(
                                first.encode(),
                                ValidatorHistory.frontier(state()).root()))
                .isTrue();
    }
}
