package io.cloister.evm;

/** Why a call frame ended exceptionally; all gas given to it is gone. */
public enum HaltReason {
    OUT_OF_GAS,
    INVALID_OPCODE,
    STACK_UNDERFLOW,
    STACK_OVERFLOW,
    INVALID_JUMP,
    RETURN_DATA_OUT_OF_BOUNDS,
    STATE_CHANGE_IN_STATIC_CALL,
    INITCODE_TOO_LONG,
    CREATE_COLLISION,
    CODE_TOO_LONG,
    CODE_STARTS_WITH_EF,
    PRECOMPILE_FAILED
}
