package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.Locale;

/** Ethereum addresses: 20 bytes, and their text with the checksum of EIP-55. */
public final class EthereumAddress {
    private EthereumAddress() {}

    /** The address of a key: the last 20 bytes of keccak256(x || y). */
    public static Bytes of(Point key) {
        return Hashes.keccak256(key.x(), key.y()).slice(12, 20);
    }

    /** The text of an address with 0x and the mixed case of EIP-55. */
    public static String checksum(Bytes address) {
        Scalar.requireLength(address, 20);
        String digits = address.toHex();
        String hash = Hashes.keccak256(Bytes.utf8(digits)).toHex();
        StringBuilder text = new StringBuilder("0x");
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            text.append(hash.charAt(i) >= '8' ? Character.toUpperCase(digit) : digit);
        }
        return text.toString();
    }

    /**
     * Reads 0x and 40 digits. Mixed case must be the right checksum; all lower or all upper case has none.
     *
     * @throws CodecException BAD_TEXT for another form, NOT_CANONICAL for a wrong checksum
     */
    public static Bytes parse(String text) {
        if (text.length() != 42 || !text.startsWith("0x")) {
            throw new CodecException(Reason.BAD_TEXT, "an address is 0x and 40 hexadecimal digits");
        }
        Bytes address = Bytes.hex(text);
        String digits = text.substring(2);
        boolean plain =
                digits.equals(digits.toLowerCase(Locale.ROOT)) || digits.equals(digits.toUpperCase(Locale.ROOT));
        if (!plain && !checksum(address).equals(text)) {
            throw new CodecException(Reason.NOT_CANONICAL, "the address has a wrong checksum");
        }
        return address;
    }
}
