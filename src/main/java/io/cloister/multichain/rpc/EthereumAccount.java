package io.cloister.multichain.rpc;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.SigningKey;
import io.cloister.multichain.ethereum.FeeQuote;
import io.cloister.multichain.rpc.EthereumRpc.Included;
import io.cloister.multichain.rpc.RpcException.Reason;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A user's or deployer's account: builds EIP-1559 transactions, signs them with its own key and follows them. */
public final class EthereumAccount {
    private static final long POLL_MILLIS = 50;

    private final EthereumRpc rpc;
    private final SigningKey key;

    /** @param key stays the caller's to close */
    public EthereumAccount(EthereumRpc rpc, SigningKey key) {
        this.rpc = rpc;
        this.key = key;
    }

    /** 20 bytes. */
    public Bytes address() {
        return EthereumAddress.of(key.publicKey());
    }

    /**
     * Signs and broadcasts a call, or the creation of a contract where {@code to} is empty, with a fifth more gas than
     * estimated.
     *
     * @return the transaction's hash
     * @throws RpcException ERROR_ANSWER when it would revert; nothing is sent then
     */
    public Bytes submit(Optional<Bytes> to, Bytes data) {
        long gas = Math.multiplyExact(rpc.estimateGas(address(), to, data), 6L) / 5;
        FeeQuote fees = rpc.fees();
        EthereumTransaction transaction = EthereumTransaction.dynamicFee(
                BigInteger.valueOf(rpc.profile().chainId()),
                rpc.nonce(address()),
                fees.tip(),
                fees.maxFee(),
                gas,
                to,
                BigInteger.ZERO,
                data,
                List.of());
        return rpc.send(transaction.encodeSigned(key.sign(transaction.signingDigest())));
    }

    /** Submits a call and waits until it is in a block. */
    public Included send(Bytes to, Bytes data, Duration within) {
        return await(submit(Optional.of(to), data), within);
    }

    /**
     * Waits until a transaction is in a block.
     *
     * @throws RpcException TIMEOUT
     */
    public Included await(Bytes transactionHash, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        while (true) {
            Optional<Included> included = rpc.included(transactionHash);
            if (included.isPresent()) {
                return included.get();
            }
            if (System.nanoTime() > end) {
                throw new RpcException(Reason.TIMEOUT, transactionHash + " is in no block after " + within);
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RpcException(Reason.UNREACHABLE, "interrupted", e);
            }
        }
    }
}
