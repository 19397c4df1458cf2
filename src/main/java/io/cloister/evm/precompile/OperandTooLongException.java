package io.cloister.evm.precompile;

/** An operand that was paid for, but is longer than this release computes with. */
public final class OperandTooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OperandTooLongException() {
        super("an operand of a precompiled contract is too long");
    }
}
