package io.cloister.codec.ethereum;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Rlp.Item;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * An account's leave to run another account's code (EIP-7702). An unusable one is no error of the transaction, so the
 * parts of its signature are plain numbers.
 *
 * @param chainId 0 for every chain
 * @param address 20 bytes of the code's account
 * @param nonce below 2^64
 */
public record Authorization(
        BigInteger chainId, Bytes address, BigInteger nonce, BigInteger yParity, BigInteger r, BigInteger s) {
    private static final Bytes MAGIC = Bytes.of((byte) 0x05);

    public Authorization {
        address = EthereumTransaction.requireLength(address, 20);
    }

    /** The account that signed; empty when the signature is none, or has high s. */
    public Optional<Bytes> authority() {
        BigInteger one = BigInteger.ONE;
        if (yParity.compareTo(one) > 0 || !isScalar(r) || !isScalar(s)) {
            return Optional.empty();
        }
        Signature signature = new Signature(Scalar.of(r), Scalar.of(s), yParity.intValue());
        if (!signature.isLowS()) {
            return Optional.empty();
        }
        Bytes message = Rlp.encode(Rlp.list(Rlp.number(chainId), Rlp.text(address), Rlp.number(nonce)));
        return Ecdsa.recover(Hashes.keccak256(MAGIC, message), signature).map(EthereumAddress::of);
    }

    static boolean isScalar(BigInteger number) {
        return number.signum() > 0 && Scalar.of(number).toBigInteger().equals(number);
    }

    Item toRlp() {
        return Rlp.list(
                Rlp.number(chainId),
                Rlp.text(address),
                Rlp.number(nonce),
                Rlp.number(yParity),
                Rlp.number(r),
                Rlp.number(s));
    }

    static Authorization fromRlp(Item item) {
        List<Item> fields = EthereumTransaction.fields(item, 6);
        return new Authorization(
                fields.get(0).asNumber(32),
                fields.get(1).asFixed(20),
                fields.get(2).asNumber(8),
                fields.get(3).asNumber(1),
                fields.get(4).asNumber(32),
                fields.get(5).asNumber(32));
    }
}
