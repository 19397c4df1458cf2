package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.state.StateTree;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The context that {@link Ledger} gives to modules. */
record ModuleContext(int id, BlockFrame frame, Optional<Validator> sender, List<Event> events) implements Context {
    private static final Logger LOG = System.getLogger(ModuleContext.class.getName());

    /** What is the same for all transactions of a block. */
    record BlockFrame(
            BlockState state, String chainId, long epoch, long height, long timeMillis, ValidatorSet validators) {
        BlockFrame of(ValidatorSet others) {
            return new BlockFrame(state, chainId, epoch, height, timeMillis, others);
        }
    }

    @Override
    public void put(Bytes key, Bytes value) {
        frame.state().put(BlockState.absolute(id, key), value);
    }

    @Override
    public void remove(Bytes key) {
        frame.state().remove(BlockState.absolute(id, key));
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        return frame.state().tree().get(BlockState.absolute(id, key));
    }

    @Override
    public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
        return BlockState.scan(frame.state().tree(), id, prefix, limit);
    }

    @Override
    public View module(int other) {
        return as(other);
    }

    @Override
    public Context as(int module) {
        return new ModuleContext(module, frame, sender, events);
    }

    @Override
    public void attempt(Runnable part) {
        StateTree before = frame.state().tree();
        int said = events.size();
        try {
            part.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a part of module " + id + " failed at the end of block " + height(), e);
            frame.state().rollBackTo(before);
            events.subList(said, events.size()).clear();
            emit(Ledger.MODULE_FAILED, new Writer().u8(id).toBytes());
        }
    }

    @Override
    public void emit(String name, Bytes data) {
        events.add(new Event(name, data));
    }

    @Override
    public long height() {
        return frame.height();
    }

    @Override
    public long timeMillis() {
        return frame.timeMillis();
    }

    @Override
    public long epoch() {
        return frame.epoch();
    }

    @Override
    public String chainId() {
        return frame.chainId();
    }

    @Override
    public ValidatorSet validators() {
        return frame.validators();
    }
}
