package io.cloister.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.ledger.membership.MembershipModule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A defect of one module costs what it wrote, on every node alike, and never the chain. */
class DefectsTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes OTHER = Bytes.utf8("other");

    private final TestChain chain = new TestChain("defects-test", 1_000);

    private static final class Defective implements Module {
        @Override
        public int id() {
            return 8;
        }

        @Override
        public void check(Transaction transaction, View state) {
            if (transaction.kind() == 2) {
                throw new ArithmeticException("at the door");
            }
        }

        @Override
        public void execute(Transaction transaction, Context context) {
            context.put(KEY, Bytes.utf8("written"));
            throw new IllegalStateException("in a block");
        }

        @Override
        public void endBlock(Context context) {
            if (context.height() == 2) {
                context.put(KEY, Bytes.utf8("written"));
                context.emit("defective.said", Bytes.EMPTY);
                throw new IllegalStateException("at the end of a block");
            }
            if (context.height() == 3) {
                context.emit("defective.before", Bytes.EMPTY);
                context.attempt(() -> {
                    context.put(KEY, Bytes.utf8("written"));
                    context.emit("defective.said", Bytes.EMPTY);
                    throw new IllegalStateException("in a part of the end of a block");
                });
                context.attempt(() -> context.put(OTHER, KEY));
            }
        }
    }

    @BeforeEach
    void start() {
        Policy policy = Policy.devnet(List.of(), List.of());
        Module membership = new MembershipModule(chain.founders(), policy, new EvidenceVerifier(), List.of());
        chain.start(List.of(membership, new Defective(), new CounterModule()), Map.of());
    }

    @Test
    void aDefectInATransactionIsARefusal() {
        Committed block = chain.block(List.of(chain.transaction(1, 8, 1, Bytes.EMPTY)));
        assertThat(block.receipts().getFirst().code()).isEqualTo("module-failed");
        assertThat(block.state().module(8).get(KEY)).isEmpty();
        assertThat(chain.door(chain.transaction(1, 8, 2, Bytes.EMPTY))).isEqualTo("module-failed");
    }

    @Test
    void aDefectAtTheEndOfABlockUndoesThatModuleAlone() {
        chain.block(List.of());
        Committed block = chain.block(List.of());
        assertThat(block.state().module(8).get(KEY)).isEmpty();
        Receipt own = block.receipts().getLast();
        assertThat(own.events().stream().map(Event::name)).containsExactly(Ledger.MODULE_FAILED, "counter.block");
        assertThat(own.events().getFirst().data()).isEqualTo(Bytes.of((byte) 8));
        assertThat(CounterModule.read(block.state().module(CounterModule.ID), CounterModule.BLOCKS))
                .isEqualTo(2);
        chain.block(List.of());
    }

    @Test
    void aDefectInAPartOfTheEndOfABlockUndoesThatPartAlone() {
        chain.block(List.of());
        chain.block(List.of());
        Committed block = chain.block(List.of());
        assertThat(block.state().module(8).get(KEY)).isEmpty();
        assertThat(block.state().module(8).get(OTHER)).contains(KEY);
        assertThat(block.receipts().getLast().events().stream().map(Event::name))
                .containsExactly("defective.before", Ledger.MODULE_FAILED, "counter.block");
    }

    @Test
    void theNewestCertifiedBlockIsKnownToTheBlockAfterIt() {
        Committed first = chain.block(List.of());
        assertThat(Ledger.blockId(first.state(), 1)).isEmpty();
        Committed second = chain.block(List.of());
        assertThat(Ledger.blockId(second.state(), 1)).contains(first.block().id());
        for (int i = 0; i < 1_000; i++) {
            chain.block(List.of());
        }
        assertThat(Ledger.blockId(chain.ledger().state(), 1)).isEmpty();
        assertThat(Ledger.blockId(chain.ledger().state(), 2))
                .contains(second.block().id());
    }
}
