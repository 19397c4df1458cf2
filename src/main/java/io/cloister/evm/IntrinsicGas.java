package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.AccessListEntry;
import io.cloister.codec.ethereum.EthereumTransaction;

/**
 * What a transaction costs before its first instruction.
 *
 * @param charged taken off its gas limit (Yellow Paper 6.2, EIP-2028, EIP-2930, EIP-3860, EIP-7702)
 * @param floor the least it pays in the end (EIP-7623), 0 where the fork has none
 */
record IntrinsicGas(long charged, long floor) {
    private static final long TRANSACTION = 21_000;
    private static final long CREATION = 32_000;
    private static final long TOKEN = 4;
    private static final long FLOOR_TOKEN = 10;
    private static final long INITCODE_WORD = 2;
    private static final long LISTED_ADDRESS = 2_400;
    private static final long LISTED_SLOT = 1_900;
    static final long NEW_AUTHORITY = 25_000;

    static IntrinsicGas of(EthereumTransaction transaction, ForkRules rules) {
        Bytes data = transaction.data();
        long tokens = 0;
        for (int i = 0; i < data.length(); i++) {
            tokens += data.at(i) == 0 ? 1 : 4;
        }
        long gas = TRANSACTION + TOKEN * tokens;
        if (transaction.to().isEmpty()) {
            gas += CREATION + INITCODE_WORD * Instructions.words(data.length());
        }
        for (AccessListEntry entry : transaction.accessList()) {
            gas += LISTED_ADDRESS + LISTED_SLOT * entry.storageKeys().size();
        }
        gas += NEW_AUTHORITY * transaction.authorizations().size();
        return new IntrinsicGas(gas, rules.calldataFloor() ? TRANSACTION + FLOOR_TOKEN * tokens : 0);
    }
}
