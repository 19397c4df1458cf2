package io.cloister.evm;

import java.math.BigInteger;

/**
 * A message call or a creation that is about to run.
 *
 * @param kind CALL runs as the target itself, DELEGATE in the caller's name (CALLCODE, DELEGATECALL), CREATE runs
 *     initcode
 * @param self the account whose storage and balance it works on
 * @param codeAddress where the code was found; of a precompiled contract, its address
 * @param caller what CALLER says
 * @param value what CALLVALUE says
 * @param gas given to it
 * @param outOffset where its output goes in the caller's memory
 */
record Message(
        Kind kind,
        Account self,
        Address codeAddress,
        Address caller,
        BigInteger value,
        byte[] input,
        long gas,
        boolean isStatic,
        int outOffset,
        int outLength) {
    enum Kind {
        CALL,
        DELEGATE,
        CREATE
    }
}
