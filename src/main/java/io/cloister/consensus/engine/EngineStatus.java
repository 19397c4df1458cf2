package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.Step;
import java.util.List;
import java.util.Optional;

/**
 * What a node's part in the chain looks like from outside, as of a few milliseconds ago.
 *
 * @param promised the lowest epoch that this node votes in; above {@code epoch} it is silent, until its number is opened or
 *     its next boot has the seat
 * @param height the height in progress; everything below is decided and stored
 * @param lastBlockId the last decided block, the genesis id before the first
 * @param lastTimeMillis its time
 * @param poolTransactions how many transactions wait
 * @param evidence how many pairs of contradicting messages were seen since the start
 * @param droppedMessages how many messages of peers found no room, or were blocks that nobody asked for
 * @param halted why the node takes part no longer, if so
 */
public record EngineStatus(
        String chainId,
        long epoch,
        long promised,
        long height,
        int round,
        Step step,
        Bytes lastBlockId,
        long lastTimeMillis,
        List<ValidatorStatus> validators,
        int poolTransactions,
        long poolBytes,
        int evidence,
        long droppedMessages,
        Optional<String> halted) {
    /**
     * One validator of the height in progress.
     *
     * @param lastHeight where its last vote or word was heard of, 0 when never
     * @param prevoted whether its prevote of the current round is held
     * @param precommitted whether its precommit of the current round is held
     */
    public record ValidatorStatus(
            int slot,
            Bytes nodeId,
            long weight,
            long bootCounter,
            long lastHeight,
            int lastRound,
            boolean prevoted,
            boolean precommitted) {}

    EngineStatus halted(Optional<String> cause) {
        return new EngineStatus(
                chainId,
                epoch,
                promised,
                height,
                round,
                step,
                lastBlockId,
                lastTimeMillis,
                validators,
                poolTransactions,
                poolBytes,
                evidence,
                droppedMessages,
                cause);
    }

    /** Height of the last decided block, 0 before the first. */
    public long decidedHeight() {
        return height - 1;
    }
}
