package io.cloister.evm;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.EthereumTransaction;
import io.cloister.codec.ethereum.EthereumTransaction.Type;
import io.cloister.evm.TransactionRejectedException.Reason;
import java.math.BigInteger;

/** The rules that keep a transaction out of every block. */
final class TransactionChecks {
    private static final long BLOB_GAS = 1 << 17; // EIP-4844
    private static final byte BLOB_VERSION = 1;

    private TransactionChecks() {}

    /** Checks all that does not need the state. */
    static void checkForm(EthereumTransaction transaction, BlockEnvironment block, ForkRules rules) {
        reject(transaction.type() == Type.SET_CODE && !rules.setCode(), Reason.TYPE_NOT_SUPPORTED);
        reject(
                transaction.chainId().isPresent()
                        && !transaction.chainId().get().equals(block.chainId()),
                Reason.WRONG_CHAIN); // EIP-155
        reject(transaction.gasLimit() > block.gasLimit(), Reason.GAS_ABOVE_BLOCK_LIMIT);
        reject(transaction.gasLimit() > rules.transactionGasCap(), Reason.GAS_ABOVE_TRANSACTION_CAP);
        reject(
                transaction.maxPriorityFeePerGas().compareTo(transaction.maxFeePerGas()) > 0,
                Reason.PRIORITY_FEE_ABOVE_MAX_FEE); // EIP-1559
        reject(transaction.maxFeePerGas().compareTo(block.baseFee()) < 0, Reason.MAX_FEE_BELOW_BASE_FEE);
        reject(
                transaction.to().isEmpty() && transaction.data().length() > Creations.MOST_INITCODE,
                Reason.INITCODE_TOO_LONG); // EIP-3860
        IntrinsicGas intrinsic = IntrinsicGas.of(transaction, rules);
        reject(Math.max(intrinsic.charged(), intrinsic.floor()) > transaction.gasLimit(), Reason.INTRINSIC_GAS);
        if (transaction.type() == Type.BLOB) {
            checkBlobs(transaction, block, rules);
        }
        if (transaction.type() == Type.SET_CODE) {
            reject(transaction.to().isEmpty(), Reason.CREATION_NOT_ALLOWED);
            reject(transaction.authorizations().isEmpty(), Reason.NO_AUTHORIZATIONS);
        }
    }

    private static void checkBlobs(EthereumTransaction transaction, BlockEnvironment block, ForkRules rules) {
        reject(transaction.to().isEmpty(), Reason.CREATION_NOT_ALLOWED);
        reject(transaction.blobVersionedHashes().isEmpty(), Reason.NO_BLOBS);
        reject(transaction.blobVersionedHashes().size() > rules.maxBlobsPerTransaction(), Reason.TOO_MANY_BLOBS);
        for (Bytes hash : transaction.blobVersionedHashes()) {
            reject(hash.at(0) != BLOB_VERSION, Reason.BLOB_HASH_VERSION);
        }
        reject(transaction.maxFeePerBlobGas().compareTo(block.blobBaseFee()) < 0, Reason.BLOB_FEE_TOO_LOW);
    }

    /** Checks what the sender's account must be. */
    static void checkSender(EthereumTransaction transaction, Account sender, Code code, ForkRules rules) {
        boolean delegates = rules.setCode() && code.delegate().isPresent();
        reject(!code.isEmpty() && !delegates, Reason.SENDER_HAS_CODE); // EIP-3607, EIP-7702
        reject(transaction.nonce() != sender.nonce, Reason.WRONG_NONCE);
        BigInteger gas = BigInteger.valueOf(transaction.gasLimit());
        BigInteger most = transaction
                .maxFeePerGas()
                .multiply(gas)
                .add(transaction.value())
                .add(transaction.maxFeePerBlobGas().multiply(blobGas(transaction)));
        reject(sender.balance.compareTo(most) < 0, Reason.INSUFFICIENT_FUNDS);
    }

    static BigInteger blobGas(EthereumTransaction transaction) {
        return BigInteger.valueOf(BLOB_GAS * transaction.blobVersionedHashes().size());
    }

    private static void reject(boolean broken, Reason reason) {
        if (broken) {
            throw new TransactionRejectedException(reason);
        }
    }
}
