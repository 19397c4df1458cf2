package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Opening;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.TestStatements;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.store.MemoryConsensusStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoreTailTest {
    private final Genesis genesis = TestApplication.genesis("tail", TestKeys.validators(List.of(1L, 1L, 1L, 1L)));
    private final TestChain chain = new TestChain(genesis);
    private final MemoryConsensusStore store = new MemoryConsensusStore();
    private final StoreTail tail = new StoreTail(store);

    @BeforeEach
    void open() {
        store.open(genesis);
    }

    private StoreTail.Entry decide(String... transactions) {
        StoreTail.Entry entry = chain.next(transactions);
        tail.add(entry);
        return entry;
    }

    @Test
    void whatIsDecidedIsThereBeforeItIsStored() {
        assertThat(tail.height()).isZero();
        StoreTail.Entry first = decide("one");
        StoreTail.Entry second = decide("two");
        assertThat(tail.height()).isEqualTo(2);
        assertThat(tail.size()).isEqualTo(2);
        assertThat(store.height()).isZero();
        assertThat(tail.block(1)).contains(first.block());
        assertThat(tail.header(2)).contains(second.block().header());
        assertThat(tail.block(3)).isEmpty();
        assertThat(tail.header(3)).isEmpty();
    }

    @Test
    void blocksAreStoredInTheirOrderAndRemainReadable() {
        StoreTail.Entry first = decide("one");
        StoreTail.Entry second = decide("two");
        assertThat(tail.storeNext()).contains(1L);
        assertThat(store.block(1)).contains(first.block());
        assertThat(tail.storeNext()).contains(2L);
        assertThat(tail.storeNext()).isEmpty();
        assertThat(tail.size()).isZero();
        assertThat(tail.height()).isEqualTo(2);
        assertThat(tail.block(2)).contains(second.block());
        assertThat(TestApplication.root(store.state())).isEqualTo(chain.application.root());
    }

    @Test
    void headersGoOnFromTheStoreIntoTheTail() {
        decide("one");
        decide("two");
        decide("three");
        tail.storeNext();
        assertThat(tail.headers(0, 10)).extracting(it -> it.header().height()).containsExactly(1L, 2L, 3L);
        assertThat(tail.headers(2, 1)).extracting(it -> it.header().height()).containsExactly(2L);
        assertThat(tail.headers(4, 5)).isEmpty();
    }

    @Test
    void knowsWhoDecidedEachHeightAndTheNextOne() {
        decide("weight:1:5");
        decide("two");
        for (int stored = 0; stored < 3; stored++) {
            assertThat(tail.validatorsOf(1, genesis)).contains(genesis.validators());
            ValidatorSet changed = tail.validatorsOf(2, genesis).orElseThrow();
            assertThat(changed.bySlot(1).orElseThrow().weight()).isEqualTo(5);
            assertThat(tail.validatorsOf(3, genesis)).contains(changed);
            assertThat(tail.validatorsOf(4, genesis)).isEmpty();
            assertThat(tail.validators(changed.hash())).contains(changed);
            tail.storeNext();
        }
    }

    @Test
    void whoDecidedTheFirstBlockOfAnEpochComesFromItsOpening() {
        Optional<CertifiedHeader> base = Optional.of(decide("one").block().header());
        Opening opening = TestStatements.opening(
                4,
                TestStatements.statement("tail", 3, 0, 2, base, Optional.empty()),
                TestStatements.statement("tail", 3, 1, 2, base, Optional.empty()),
                TestStatements.statement("tail", 3, 2, 2, base, Optional.empty()));
        chain.open(opening);
        ValidatorSet voters = chain.voters();
        decide("two");
        decide("three");
        for (int stored = 0; stored < 4; stored++) {
            assertThat(tail.validatorsOf(1, genesis)).contains(genesis.validators());
            assertThat(tail.validatorsOf(2, genesis)).contains(voters);
            assertThat(tail.validatorsOf(3, genesis)).contains(voters);
            tail.storeNext();
        }
    }
}
