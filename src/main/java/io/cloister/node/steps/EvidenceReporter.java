package io.cloister.node.steps;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Evidence;
import io.cloister.ledger.Committed;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.LedgerListener;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.membership.Members;
import io.cloister.ledger.membership.MembershipModule;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts what validators signed against each other on the ledger: each offence until the ledger has an answer to it, a few at a
 * time and a few times.
 */
final class EvidenceReporter implements LedgerListener {
    private static final System.Logger LOG = System.getLogger(EvidenceReporter.class.getName());
    private static final int AT_A_TIME = 4;
    private static final int TIMES = 20;
    private static final int BLOCKS_BETWEEN = 10;
    private static final int MAX_REMEMBERED = 4_096;

    /** Refusals after which it may still be taken. */
    private static final Set<String> LATER =
            Set.of("too-many-changes", "vote-key-not-in-force", "unknown-sender", "expired", "pool-full");

    private final Supplier<List<Evidence>> found;
    private final LedgerClient ledger;
    private final Map<Bytes, Report> reports = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();

    private record Report(int times, long notBefore) {
        static final long NEVER = Long.MAX_VALUE;
    }

    EvidenceReporter(Supplier<List<Evidence>> found, LedgerClient ledger) {
        this.found = found;
        this.ledger = ledger;
    }

    @Override
    public void committed(Committed committed) {
        long height = committed.block().height();
        for (Evidence each : found.get()) {
            Report last = reports.getOrDefault(each.id(), new Report(0, 0));
            boolean due = height >= last.notBefore() && reports.size() < MAX_REMEMBERED;
            if (due && underWay.get() < AT_A_TIME) {
                report(each, new Report(last.times() + 1, Report.NEVER), height);
            }
        }
    }

    private void report(Evidence evidence, Report now, long height) {
        reports.put(evidence.id(), now);
        underWay.incrementAndGet();
        Writer body = new Writer();
        evidence.encode(body);
        ledger.submit(Members.MODULE, MembershipModule.REPORT_EVIDENCE, body.toBytes())
                .whenComplete((receipt, failure) -> done(evidence, now, height, receipt, failure));
    }

    private void done(
            Evidence evidence, Report now, long height, @Nullable Receipt receipt, @Nullable Throwable failure) {
        underWay.decrementAndGet();
        String code = receipt != null ? receipt.code() : code(failure);
        if (LATER.contains(code) && now.times() < TIMES) {
            reports.put(evidence.id(), new Report(now.times(), height + BLOCKS_BETWEEN));
        }
        LOG.log(
                Level.WARNING,
                "slot {0} contradicted itself at height {1}; the ledger says: {2}",
                evidence.slot(),
                evidence.height(),
                code.isEmpty() ? "recorded" : code);
    }

    private static String code(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof Refusal refusal ? refusal.code() : "failed";
    }
}
