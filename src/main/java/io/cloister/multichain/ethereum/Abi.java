package io.cloister.multichain.ethereum;

import com.esaulpaugh.headlong.abi.Address;
import io.cloister.codec.Bytes;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** Between our values and the ABI codec's. */
final class Abi {
    private Abi() {}

    static Address address(Bytes value) {
        if (value.length() != 20) {
            throw new IllegalArgumentException("an address has 20 bytes");
        }
        return Address.wrap(Address.toChecksumAddress(new BigInteger(1, value.toArray())));
    }

    static Bytes address(Address value) {
        return TypedData.word(value.value()).slice(12, 20);
    }

    static Bytes bytes(ByteBuffer encoded) {
        byte[] copy = new byte[encoded.rewind().remaining()];
        encoded.get(copy);
        return Bytes.wrap(copy);
    }
}
