package io.cloister.ledger;

/** A part of the replicated application with its own part of the state. Deterministic; never blocks. */
public interface Module {

    /** First byte of the module's keys and the number that transactions name; 1 to 255. */
    int id();

    /** Cheap refusal at the door, against the last committed state. May be called from several threads at once. */
    void check(Transaction transaction, View state) throws Refusal;

    /** Executes one transaction; a refusal undoes what it wrote. */
    void execute(Transaction transaction, Context context) throws Refusal;

    /** Writes what the state holds before the first block. */
    default void genesis(Context context) {}

    /** Runs after the last transaction of each block, in the order of module numbers. */
    default void endBlock(Context context) {}
}
