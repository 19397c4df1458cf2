package io.cloister.bridge.runner;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Reports;
import io.cloister.codec.Bytes;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.rpc.BitcoinUpdate.Payment;
import io.cloister.multichain.rpc.BitcoinWatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The payments of one step that are due, those of one transaction to one gateway in one report with one proof. A report
 * is named by its first output: when it is refused for good, the next report begins with the next output.
 */
final class DepositReports {
    private final Asset asset;
    private final BitcoinWatcher watcher;
    private final Submissions submissions;
    private final Map<Group, List<Payment>> groups = new HashMap<>();

    record Group(Bytes txid, Bytes gHash) implements Comparable<Group> {
        private static final Comparator<Group> ORDER =
                Comparator.comparing(Group::txid).thenComparing(Group::gHash);

        @Override
        public int compareTo(Group other) {
            return ORDER.compare(this, other);
        }
    }

    DepositReports(Asset asset, BitcoinWatcher watcher, Submissions submissions) {
        this.asset = asset;
        this.watcher = watcher;
        this.submissions = submissions;
    }

    void add(Gateway gateway, Payment payment) {
        Group group = new Group(payment.outPoint().txid(), gateway.gHash());
        groups.computeIfAbsent(group, it -> new ArrayList<>()).add(payment);
    }

    void submit(Rota<Group> rota, int nodes, Items items) {
        for (Group group : rota.now(groups.keySet())) {
            items.attempt(() -> submit(group, groups.getOrDefault(group, List.of()), nodes));
        }
    }

    private void submit(Group group, List<Payment> payments, int nodes) {
        List<Payment> reported = payments.stream()
                .sorted(Comparator.comparingLong(payment -> payment.outPoint().index()))
                .limit(Reports.MAX_OUTPUTS)
                .toList();
        Payment first = reported.getFirst();
        Bytes about = Reports.about(first.outPoint());
        submissions.report(BridgeModule.REPORT_DEPOSIT, about, () -> body(group, reported, about), nodes);
    }

    private Bytes body(Group group, List<Payment> payments, Bytes about) {
        BlockRef block = payments.getFirst().block().orElseThrow();
        int depth = payments.stream()
                .mapToInt(payment -> Reports.depth(asset, payment.value()))
                .max()
                .orElseThrow();
        return Reports.deposit(
                group.gHash(),
                block.height(),
                payments.stream().map(Payment::outPoint).map(OutPoint::index).toList(),
                provable(watcher.proof(payments.getFirst()), about),
                watcher.headers(block.height() + 1, depth));
    }

    /** No block takes the report of a transaction that is too long to be proved. */
    private SpvProof provable(SpvProof proof, Bytes about) {
        if (proof.transaction().length() > SpvProof.MAX_TRANSACTION) {
            submissions.giveUp(BridgeModule.REPORT_DEPOSIT, about, "its transaction is too long to be proved");
        }
        return proof;
    }
}
