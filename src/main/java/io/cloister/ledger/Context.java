package io.cloister.ledger;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.Optional;

/** What a module may see and do while a block is executed. Everything in it is the same on every node. */
public interface Context extends View {

    /** Another module's part of the state of this block; shows what is written later, as the context itself does. */
    @Override
    View module(int id);

    void put(Bytes key, Bytes value);

    void remove(Bytes key);

    long height();

    /** Block time in milliseconds since the epoch: the only clock of the ledger. */
    long timeMillis();

    long epoch();

    String chainId();

    ValidatorSet validators();

    /** Who signed the transaction; empty while a block is ended. */
    Optional<Validator> sender();

    /** Puts an event into the receipt of the transaction, or into the block's own receipt while a block is ended. */
    void emit(String name, Bytes data);

    /**
     * Runs a part of the block's end. When it fails, what it wrote and emitted is undone, {@code ledger.module-failed} is
     * emitted and the rest goes on.
     */
    void attempt(Runnable part);

    /** The same context in another module's part of the state, to call that module's public functions. */
    Context as(int module);
}
