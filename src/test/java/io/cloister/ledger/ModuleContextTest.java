package io.cloister.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.ledger.membership.MembershipModule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a module sees of the state while it changes it. */
class ModuleContextTest {
    private static final int ID = 8;
    private static final Bytes KEY = Bytes.utf8("key");

    private final TestChain chain = new TestChain("context-test", 1_000);

    /** Takes its views first and writes afterwards. */
    private static final class Looking implements Module {
        @Override
        public int id() {
            return ID;
        }

        @Override
        public void check(Transaction transaction, View state) {}

        @Override
        public void execute(Transaction transaction, Context context) {
            View own = context.module(ID);
            View other = context.module(CounterModule.ID);
            context.put(KEY, Bytes.utf8("mine"));
            context.as(CounterModule.ID).put(KEY, Bytes.utf8("another's"));
            context.emit("own", own.get(KEY).orElse(Bytes.EMPTY));
            context.emit("other", other.get(KEY).orElse(Bytes.EMPTY));
            context.emit("back", other.module(ID).get(KEY).orElse(Bytes.EMPTY));
        }
    }

    @Test
    void viewsOfModulesShowWhatIsWrittenAfterTheyWereTaken() {
        Policy policy = Policy.devnet(List.of(), List.of());
        Module membership = new MembershipModule(chain.founders(), policy, new EvidenceVerifier(), List.of());
        chain.start(List.of(membership, new Looking(), new CounterModule()), Map.of());

        Committed block = chain.block(List.of(chain.transaction(1, ID, 1, Bytes.EMPTY)));

        assertThat(block.receipts().getFirst().events())
                .extracting(Event::data)
                .containsExactly(Bytes.utf8("mine"), Bytes.utf8("another's"), Bytes.utf8("mine"));
    }
}
