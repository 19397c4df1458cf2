package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a transaction did.
 *
 * @param gasUsed what the sender pays for, after refunds
 * @param gasRefunded what was taken off before (EIP-3529)
 * @param logs empty unless it succeeded
 * @param accounts the touched accounts by address of 20 bytes
 */
public record SimulationResult(
        Outcome outcome, long gasUsed, long gasRefunded, List<Log> logs, SortedMap<Bytes, TouchedAccount> accounts) {

    /** How the transaction ended. */
    public sealed interface Outcome permits Success, Revert, Halted {}

    /** The instruction that ended a success. */
    public enum End {
        STOP,
        RETURN,
        SELF_DESTRUCT
    }

    /**
     * It ran to its end.
     *
     * @param created the new contract's address of 20 bytes, when the transaction created one
     */
    public record Success(End end, Bytes output, Optional<Bytes> created) implements Outcome {}

    /** It undid itself and says why in its output. */
    public record Revert(Bytes output) implements Outcome {}

    /** It broke a rule of the machine; all its gas is used. */
    public record Halted(HaltReason reason) implements Outcome {}

    /**
     * An account after the transaction.
     *
     * @param nonce an unsigned 64-bit number
     * @param codeHash 32 bytes
     * @param code the new code, when it changed
     * @param storage slots of 32 bytes that changed
     */
    public record TouchedAccount(
            BigInteger balance,
            long nonce,
            Bytes codeHash,
            Optional<Bytes> code,
            SortedMap<Bytes, SlotChange> storage,
            Status status) {}

    /** A slot's value of 32 bytes before and after. */
    public record SlotChange(Bytes before, Bytes after) {}

    /**
     * What happened to an account.
     *
     * @param loadedAsNotExisting there was no such account before
     * @param created a contract was created here
     * @param selfDestructed it is gone after the transaction (EIP-6780)
     */
    public record Status(boolean touched, boolean loadedAsNotExisting, boolean created, boolean selfDestructed) {}
}
