package io.cloister.evm;

import io.cloister.codec.Bytes;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Where a simulation reads the state before its transaction. Each method answers from what the source covers, and
 * throws {@link StateNotCoveredException} for the rest: nothing is ever taken for zero because it is unknown. Called on
 * the simulating thread only.
 */
public interface StateSource {
    /**
     * The account at an address of 20 bytes; empty when the source knows that there is none.
     *
     * @throws StateNotCoveredException when the source cannot say
     */
    Optional<StoredAccount> account(Bytes address);

    /**
     * The value of 32 bytes in a slot of an account that exists; zero when the source knows that the slot is unset.
     *
     * @throws StateNotCoveredException when the source cannot say
     */
    Bytes storage(Bytes address, Bytes slot);

    /**
     * The code with this hash, of an account that the source gave.
     *
     * @throws StateNotCoveredException when the source does not have it
     */
    Bytes code(Bytes codeHash);

    /**
     * The hash of one of the 256 blocks before the simulated one.
     *
     * @throws StateNotCoveredException when the source does not have it
     */
    Bytes blockHash(long number);

    /**
     * An account as the state's trie holds it.
     *
     * @param nonce an unsigned 64-bit number
     * @param codeHash 32 bytes; keccak256 of nothing for an account without code
     * @param hasStorage whether any slot is set: creating a contract there fails then (EIP-7610)
     */
    record StoredAccount(BigInteger balance, long nonce, Bytes codeHash, boolean hasStorage) {}
}
