package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.membership.AtOnce;
import io.cloister.ledger.membership.Leave;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.ledger.membership.MembershipRules;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MembershipAlarmsTest {
    private final TestChain chain = new TestChain("alarms-test", 1_000);
    private final SigningKey operator = TestChain.key("the operator");
    private final MembershipAlarms alarms = new MembershipAlarms();

    private void start(MembershipRules rules) {
        chain.start(
                List.of(new MembershipModule(
                        chain.founders(),
                        rules,
                        Policy.devnet(List.of(), List.of()),
                        new EvidenceVerifier(),
                        new AtOnce(),
                        List.of())),
                Map.of());
        chain.ledger().addListener(alarms);
        chain.block(List.of());
    }

    @Test
    void aMemberWithoutWhomTooFewWouldBeLeftCannotBeTakenOut() {
        start(MembershipRules.FIXED.with(Collections.nCopies(4, operator.id()), false));
        Bytes leave = new Leave(3, chain.slotKeys.get(2).id(), 1).encode();
        chain.block(List.of(chain.transaction(operator, Members.MODULE, MembershipModule.LEAVE, leave)));
        assertThat(alarms.count()).isEqualTo(1);
        chain.block(List.of(chain.transaction(1, Members.MODULE, MembershipModule.LEAVE, Bytes.EMPTY)));
        assertThat(alarms.count()).as("other refusals are none").isEqualTo(1);
    }

    @Test
    void membersWhoseEvidenceIsOldAndWhoStayAreCountedOnce() {
        start(new MembershipRules(List.of(), false, MembershipRules.LEAST_AGE_MILLIS, 1));
        chain.millis += 2 * MembershipRules.LEAST_AGE_MILLIS;
        for (int i = 0; i < 210; i++) {
            chain.block(List.of());
        }
        assertThat(alarms.count()).isEqualTo(4);
    }
}
