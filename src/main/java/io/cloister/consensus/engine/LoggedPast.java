package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Polka;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Vote;
import io.cloister.consensus.core.Input;
import io.cloister.consensus.core.LogRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the log holds of the time before the node stopped. */
final class LoggedPast {
    private final Map<Bytes, Block> bodies = new HashMap<>();
    private final Map<Long, LogRecord.Decided> decided = new HashMap<>();
    private final Map<Long, Opening> openings = new HashMap<>();
    private final List<LogRecord> records;
    private Optional<Input.Promise> stated = Optional.empty();
    private Optional<Opening> opening = Optional.empty();

    LoggedPast(List<LogRecord> records) {
        this.records = List.copyOf(records);
        for (LogRecord record : records) {
            switch (record) {
                case LogRecord.Voted _ -> {}
                case LogRecord.Locked(Vote _, Polka polka, Optional<Block> block) ->
                    block.ifPresent(it -> bodies.put(polka.blockId(), it));
                case LogRecord.Valued(long _, long _, Polka polka, Optional<Block> block) ->
                    block.ifPresent(it -> bodies.put(polka.blockId(), it));
                case LogRecord.Decided it -> {
                    it.block().ifPresent(block -> bodies.put(it.certificate().blockId(), block));
                    decided.put(it.certificate().height(), it);
                }
                case LogRecord.Stated(long _, Statement statement) -> {
                    if (stated.isEmpty() || stated.get().recovery() < statement.recovery()) {
                        stated = Optional.of(new Input.Promise(
                                statement.recovery(), statement.claim().bootCounter()));
                    }
                }
                case LogRecord.Required(Block block) -> bodies.put(block.id(), block);
                case LogRecord.Opened(long _, Opening accepted) -> {
                    openings.put(accepted.epoch(), accepted);
                    if (opening.isEmpty() || opening.get().epoch() < accepted.epoch()) {
                        opening = Optional.of(accepted);
                    }
                }
            }
        }
    }

    /** The decided block after a height, if its body is held. */
    Optional<CertifiedBlock> after(long height) {
        return Optional.ofNullable(decided.get(height + 1)).flatMap(it -> {
            Certificate certificate = it.certificate();
            return Optional.ofNullable(bodies.get(certificate.blockId()))
                    .map(block -> new CertifiedBlock(block, certificate, it.keys()));
        });
    }

    /**
     * What binds the node at the height after this one.
     *
     * @param lastEpoch epoch of the chain's last block
     */
    Input.Memory memory(long height, long lastEpoch) {
        Optional<HeldPolka> highest = Optional.empty();
        for (LogRecord record : records) {
            Optional<HeldPolka> held = switch (record) {
                case LogRecord.Locked(Vote vote, Polka polka, Optional<Block> _) ->
                    record.height() == height + 1 ? held(vote.epoch(), polka, lastEpoch) : Optional.empty();
                case LogRecord.Valued(long epoch, long of, Polka polka, Optional<Block> _) ->
                    of == height + 1 ? held(epoch, polka, lastEpoch) : Optional.empty();
                case LogRecord.Opened(long of, Opening accepted) ->
                    of == height + 1
                            ? accepted.required().filter(it -> it.header().height() == of)
                            : Optional.empty();
                default -> Optional.empty();
            };
            if (held.isPresent() && (highest.isEmpty() || held.get().isLaterThan(highest.get()))) {
                highest = held;
            }
        }
        Optional<Block> body =
                highest.flatMap(it -> Optional.ofNullable(bodies.get(it.header().id())));
        return new Input.Memory(highest, body, stated, opening, required(height + 1));
    }

    /** What the opening requires at a height; the log holds it since before it held the opening. */
    private Optional<Block> required(long height) {
        return opening.flatMap(Opening::required)
                .filter(it -> it.header().height() == height)
                .map(it -> body(it.header().id()));
    }

    private Block body(Bytes id) {
        Block block = bodies.get(id);
        if (block == null) {
            throw new IllegalStateException("the log binds this node to a block that it does not hold: " + id);
        }
        return block;
    }

    private Optional<HeldPolka> held(long epoch, Polka polka, long lastEpoch) {
        Block block = body(polka.blockId());
        List<KeyClaim> keys = epoch > lastEpoch && openings.containsKey(epoch)
                ? KeyClaim.newest(
                        block.opening().map(Opening::claims).orElse(List.of()),
                        openings.get(epoch).claims())
                : List.of();
        return Optional.of(new HeldPolka(epoch, block.header(), polka, keys));
    }
}
