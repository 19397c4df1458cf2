package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Signature;

/**
 * A transaction with its signature.
 *
 * @param sender 20 bytes, recovered from the signature
 * @param encoded the raw bytes
 * @param hash keccak256 of the raw bytes: the transaction's id
 */
public record SignedTransaction(
        EthereumTransaction transaction, Signature signature, Bytes sender, Bytes encoded, Bytes hash) {}
