package io.cloister.attestation.platform;

import io.cloister.attestation.Bindings;
import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Evidence;
import io.cloister.attestation.Leaf;
import io.cloister.attestation.ReportData;
import io.cloister.attestation.SnpEvidence;
import io.cloister.channel.flow.AttemptLimiter;
import io.cloister.channel.flow.Slots;
import io.cloister.channel.grpc.ChannelSettings;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.MerkleTree;
import io.cloister.crypto.SigningKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A node of a simulated network: the real batcher over firmware that takes its time, and one core for the rest. */
final class SimulatedNode {
    static final String CHAIN = "simulated";
    private static final Duration FIRMWARE = Duration.ofMillis(5);
    private static final int REPORT_DATA = 0x50;
    private static final int REPORT_SIZE = 1184;

    final SigningKey slot;
    final Bytes spki;
    final AttemptLimiter pace;
    final Slots slots;
    private final VirtualTime time;
    private final BootKeySet keys;
    private final ReportBatcher batcher = new ReportBatcher(AttestationService.Settings.DEFAULT);
    private final Map<Long, Consumer<Evidence>> callers = new HashMap<>();
    private long tickets;
    private long coreBusyUntil;
    private OptionalLong wake = OptionalLong.empty();
    private boolean up;
    int strangersServed;
    int strangersRefused;

    SimulatedNode(VirtualTime time, SigningKey slot, ChannelSettings.Attempts limits) {
        this.time = time;
        this.slot = slot;
        this.spki = Hashes.sha256(slot.id());
        this.pace = new AttemptLimiter(limits.burst(), limits.perSecond(), 4096);
        this.slots = new Slots(limits.pending(), limits.pending() / 4);
        this.keys = new BootKeySet(CHAIN, slot.id(), 1, spki, slot.id(), slot.id(), Bytes.zeros(32), slot.id());
    }

    Bytes id() {
        return slot.id();
    }

    boolean isUp() {
        return up;
    }

    void boot() {
        up = true;
    }

    AttestationService.Status status() {
        return batcher.status();
    }

    /** Does something that takes the node's core for so long, then goes on. */
    void work(Duration length, Runnable then) {
        coreBusyUntil = Math.max(coreBusyUntil, time.now()) + length.toNanos();
        time.at(coreBusyUntil, then);
    }

    void attest(Leaf leaf, Consumer<Evidence> then) {
        long ticket = ++tickets;
        callers.put(ticket, then);
        feed(new BatcherInput.Asked(ticket, leaf));
    }

    /** A stranger's leaf, whose evidence nobody looks at. */
    void strange(Leaf leaf) {
        feed(new BatcherInput.Asked(- ++tickets, leaf));
    }

    private void feed(BatcherInput input) {
        for (BatcherEffect effect : batcher.step(input, time.now())) {
            switch (effect) {
                case BatcherEffect.MakeReport ignored -> time.after(FIRMWARE, () -> feed(new BatcherInput.Made()));
                case BatcherEffect.Answer answer -> answer(answer.batch());
                case BatcherEffect.Refuse refuse ->
                    strangersRefused += (int) refuse.tickets().stream()
                            .filter(ticket -> ticket < 0)
                            .count();
            }
        }
        OptionalLong due = batcher.wakeAt();
        if (due.isPresent() && !due.equals(wake)) {
            wake = due;
            time.at(due.getAsLong(), () -> feed(new BatcherInput.Tick()));
        }
    }

    private void answer(List<BatcherEffect.Request> batch) {
        List<Bytes> hashes =
                batch.stream().map(request -> request.leaf().hash()).toList();
        SnpEvidence hardware = report(ReportData.of(keys, MerkleTree.rootOfHashes(hashes)));
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i).ticket() < 0) {
                strangersServed++;
            } else {
                Evidence evidence =
                        new Evidence(hardware, keys, batch.get(i).leaf(), MerkleTree.pathOfHashes(hashes, i));
                callers.remove(batch.get(i).ticket()).accept(evidence);
            }
        }
    }

    private static SnpEvidence report(Bytes data) {
        Bytes report =
                Bytes.concat(Bytes.zeros(REPORT_DATA), data, Bytes.zeros(REPORT_SIZE - REPORT_DATA - data.length()));
        return new SnpEvidence(report, new Collateral(Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY));
    }

    /** Whether keys, leaf and path lead to the data in the report; its signature is not simulated. */
    static boolean binds(Evidence evidence) {
        Bytes report = ((SnpEvidence) evidence.hardware()).report();
        return Bindings.expected(evidence)
                .filter(report.slice(REPORT_DATA, 64)::equals)
                .isPresent();
    }
}
