package io.cloister.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Event;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConvictionTest {
    private static final int SLOT = 3;

    private static Vote vote(TestChain chain, SigningKey key, long height, int round, String value) {
        Optional<Bytes> id = Optional.of(Hashes.sha256(Bytes.utf8(value)));
        Bytes digest = SignBytes.vote(Boots.ID, 0, height, round, VoteType.PRECOMMIT, id);
        return new Vote(
                VoteType.PRECOMMIT,
                0,
                height,
                round,
                id,
                -1,
                SLOT,
                Optional.empty(),
                key.sign(digest).recoverable());
    }

    private static Evidence twoVotes(TestChain chain, long height, int round) {
        SigningKey key = chain.voteKeys.get(SLOT - 1);
        return new Evidence.DoubleVote(
                vote(chain, key, height, round, "one"), vote(chain, key, height, round, "another"));
    }

    private static Bytes report(Boots boots, int by, Evidence evidence) {
        Writer body = new Writer();
        evidence.encode(body);
        return boots.chain.transaction(by, Members.MODULE, MembershipModule.REPORT_EVIDENCE, body.toBytes());
    }

    private static List<String> events(Receipt receipt) {
        return receipt.events().stream().map(Event::name).toList();
    }

    private static boolean votes(Boots boots, int slot) {
        return boots.chain.ledger().validators().bySlot(slot).isPresent();
    }

    @Test
    void whoContradictsItselfIsExcludedTwoBlocksLater() {
        Boots boots = new Boots(5).start();
        Bytes report = report(boots, 1, twoVotes(boots.chain, 1, 0));
        assertThat(boots.chain.door(report)).isEmpty();
        Receipt receipt = boots.run(report);
        assertThat(receipt.code()).isEmpty();
        assertThat(events(receipt)).containsExactly("membership.exclusion-ordered");
        assertThat(votes(boots, SLOT)).isTrue();
        Receipt own = boots.pass().receipts().getLast();
        assertThat(events(own)).containsExactly("membership.excluded");
        assertThat(votes(boots, SLOT)).isFalse();
        assertThat(boots.told).as("what it held is void").containsExactly("slot 3 boot 2 at 3");
        assertThat(boots.chain.door(boots.chain.transaction(SLOT, Members.MODULE, 99, Bytes.EMPTY)))
                .isEqualTo("unknown-sender");
        assertThat(boots.chain.door(boots.transaction(SLOT, 2))).isEqualTo("unknown-sender");
        assertThat(Members.seats(boots.chain.ledger().state()))
                .as("the others keep their numbers")
                .extracting(Member::slot)
                .containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void anOffenceCountsOnce() {
        Boots boots = new Boots(5).start();
        Evidence evidence = twoVotes(boots.chain, 1, 0);
        List<Bytes> twice = List.of(report(boots, 1, evidence), report(boots, 2, evidence));
        assertThat(boots.chain.block(twice).receipts())
                .extracting(Receipt::code)
                .containsExactly("", "already-convicted", "");
        boots.pass();
        assertThat(boots.run(report(boots, 1, evidence)).code()).isEqualTo("unknown-slot");
    }

    @Test
    void fourMembersStayAndPeopleAreToldOnceForABoot() {
        Boots boots = new Boots(4).start();
        Receipt receipt = boots.run(report(boots, 1, twoVotes(boots.chain, 1, 0)));
        assertThat(receipt.code()).isEmpty();
        assertThat(events(receipt)).containsExactly("membership.alarm-offender-stays");
        boots.pass();
        boots.pass();
        assertThat(votes(boots, SLOT)).isTrue();
        assertThat(boots.run(report(boots, 1, twoVotes(boots.chain, 1, 1))).code())
                .isEqualTo("already-convicted");
    }

    @Test
    void asManyStayAsHoldersOfTheKeysAreNeeded() {
        Boots boots = new Boots(5).start();
        boots.run(report(boots, 1, twoVotes(boots.chain, 1, 0)));
        boots.pass();
        assertThat(boots.chain.ledger().validators().size()).isEqualTo(4);
    }

    @Test
    void aLeavingSlotTakesNoNewKeys() {
        Boots boots = new Boots(5).start();
        Bytes late = boots.transaction(SLOT, 2);
        boots.run(report(boots, 1, twoVotes(boots.chain, 1, 0)));
        assertThat(boots.run(late).code()).isEqualTo("slot-is-leaving");
        assertThat(votes(boots, SLOT)).isFalse();
    }

    @Test
    void aReKeyDoesNotSaveWhoContradictedItself() {
        Boots boots = new Boots(5).start();
        Evidence evidence = twoVotes(boots.chain, 1, 0);
        boots.run(boots.transaction(SLOT, 2));
        boots.pass();
        assertThat(boots.run(report(boots, 1, evidence)).code()).isEmpty();
        boots.pass();
        assertThat(votes(boots, SLOT)).isFalse();
    }

    @Test
    void refusesWhatConvictsNobody() {
        Boots boots = new Boots(5).start();
        SigningKey key = boots.chain.voteKeys.get(SLOT - 1);
        Vote one = vote(boots.chain, key, 1, 0, "one");
        Vote forged = vote(boots.chain, boots.chain.voteKeys.getFirst(), 1, 0, "another");
        assertThat(boots.run(report(boots, 1, new Evidence.DoubleVote(one, one)))
                        .code())
                .isEqualTo("evidence-refused");
        assertThat(boots.run(report(boots, 1, new Evidence.DoubleVote(one, forged)))
                        .code())
                .isEqualTo("evidence-refused");
        Bytes rubbish = boots.chain.transaction(1, Members.MODULE, MembershipModule.REPORT_EVIDENCE, Bytes.EMPTY);
        assertThat(boots.run(rubbish).code()).isEqualTo("malformed");
        assertThat(votes(boots, SLOT)).isTrue();
    }

    @Test
    void oldOffencesAreForgotten() {
        Boots boots = new Boots(5).start();
        Evidence evidence = twoVotes(boots.chain, 1, 0);
        while (boots.chain.ledger().height() < 1_001) {
            boots.pass();
        }
        assertThat(boots.run(report(boots, 1, evidence)).code()).isEqualTo("evidence-too-old");
        assertThat(boots.run(report(boots, 1, twoVotes(boots.chain, 100, 0))).code())
                .isEmpty();
    }
}
