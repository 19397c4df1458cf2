package io.cloister.evm.precompile;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import java.util.Arrays;
import java.util.Optional;

/** ECRECOVER: digest, v, r, s of 32 bytes each to the signer's address; nothing where there is none. */
final class RecoverSigner implements Precompile {
    private static final Bytes V_PREFIX = Bytes.zeros(31);

    @Override
    public long gas(byte[] input) {
        return 3_000;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        Bytes padded = Bytes.wrap(Arrays.copyOf(input, 128));
        int v = padded.at(63);
        if (!padded.slice(32, 31).equals(V_PREFIX) || v != 27 && v != 28) {
            return Optional.of(new byte[0]);
        }
        try {
            Signature signature =
                    new Signature(Scalar.decode(padded.slice(64, 32)), Scalar.decode(padded.slice(96, 32)), v - 27);
            return Optional.of(Ecdsa.recover(padded.slice(0, 32), signature)
                    .map(key -> EthereumAddress.of(key).padLeft(32).toArray())
                    .orElseGet(() -> new byte[0]));
        } catch (CodecException e) { // r or s outside the group order
            return Optional.of(new byte[0]);
        }
    }
}
