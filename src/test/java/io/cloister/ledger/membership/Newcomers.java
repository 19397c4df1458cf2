package io.cloister.ledger.membership;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Evidence;
import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Event;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import java.util.List;
import java.util.stream.IntStream;

/** A chain whose slots have an operator each, and nodes that want to join it. */
final class Newcomers {
    static final Bytes EPOCH_KEY = TestChain.key("a new epoch key").id();

    final Boots boots;
    final TestChain chain;
    private long number;

    Newcomers(int size, MembershipRules rules, CommitteeReadiness readiness) {
        boots = new Boots(size);
        List<Bytes> operators = IntStream.rangeClosed(1, size)
                .mapToObj(slot -> operator(slot).id())
                .toList();
        boots.start(rules.with(operators, rules.operatorsCapped()), readiness);
        chain = boots.chain;
    }

    Newcomers(int size) {
        this(size, MembershipRules.FIXED, new AtOnce());
    }

    static SigningKey operator(int slot) {
        return TestChain.key("operator of slot " + slot);
    }

    /** A node that is no founder. */
    record Newcomer(SigningKey slotKey, SigningKey voteKey, long boot) {
        Newcomer(String name, long boot) {
            this(TestChain.key(name), TestChain.key(name + " boot " + boot), boot);
        }

        BootKeySet keys(String chainId) {
            Bytes zeros = Bytes.zeros(32);
            return new BootKeySet(
                    chainId, slotKey.id(), boot, zeros, voteKey.id(), Boots.SHARE_KEY, zeros, Bytes.zeros(33));
        }

        NodeRecord record() {
            return NodeRecord.sign(slotKey, Boots.ID, voteKey.id(), EPOCH_KEY, "newcomer", 9_000);
        }
    }

    SeatGrant grant(SigningKey operator, boolean replaces, int slot, Bytes nodeId) {
        return SeatGrant.sign(
                operator,
                Boots.ID,
                replaces,
                slot,
                nodeId,
                ++number,
                chain.ledger().height() + 100);
    }

    Evidence evidence(Newcomer node, int slot) {
        long height = chain.ledger().height();
        return boots.evidence(node.keys(Boots.ID), Join.leaf(Boots.ID, slot, height, chain.last()));
    }

    Join join(SeatGrant grant, Newcomer node) {
        return new Join(grant, node.record(), chain.ledger().height(), chain.last(), evidence(node, grant.slot()));
    }

    /** By the operator of the first slot. */
    Join admission(int slot, Newcomer node) {
        return join(grant(operator(1), false, slot, node.slotKey().id()), node);
    }

    Join replacement(int slot, Newcomer node) {
        return join(grant(operator(slot), true, slot, node.slotKey().id()), node);
    }

    Bytes transaction(Newcomer node, Join join) {
        return chain.transaction(node.voteKey(), Members.MODULE, MembershipModule.JOIN, join.encode());
    }

    Bytes leave(SigningKey operator, int slot) {
        Leave leave = new Leave(slot, chain.slotKeys.get(slot - 1).id(), ++number);
        return chain.transaction(operator, Members.MODULE, MembershipModule.LEAVE, leave.encode());
    }

    Receipt run(Newcomer node, Join join) {
        return boots.run(transaction(node, join));
    }

    boolean votes(Newcomer node) {
        return chain.ledger().validators().byVoteKey(node.voteKey().id()).isPresent();
    }

    /** What the next block says of itself. */
    List<String> pass() {
        return events(boots.pass().receipts().getLast());
    }

    static List<String> events(Receipt receipt) {
        return receipt.events().stream().map(Event::name).toList();
    }
}
