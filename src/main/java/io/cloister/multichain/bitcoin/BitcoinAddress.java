package io.cloister.multichain.bitcoin;

import fr.acinq.bitcoin.Base58Check;
import fr.acinq.bitcoin.Bech32;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.multichain.AddressRefused;
import io.cloister.multichain.AddressRefused.Reason;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.ChainProfiles;
import java.util.Locale;
import java.util.Optional;

/**
 * Addresses of the Bitcoin family as text and as public-key scripts: base58check (key hash, script hash), bech32
 * (BIP-173) and bech32m (BIP-350).
 */
public final class BitcoinAddress {
    private static final int MAX_TEXT = 100;

    private static final Bytes KEY_HASH_HEAD = Bytes.hex("76a914");
    private static final Bytes KEY_HASH_TAIL = Bytes.hex("88ac");
    private static final Bytes SCRIPT_HASH_HEAD = Bytes.hex("a914");
    private static final Bytes SCRIPT_HASH_TAIL = Bytes.hex("87");
    private static final int OP_1 = 0x51;

    private BitcoinAddress() {}

    /**
     * The public-key script that this address stands for.
     *
     * @throws AddressRefused MALFORMED, WRONG_NETWORK, or UNSUPPORTED for witness versions that nobody has given a
     *     meaning yet (paying to one gives the coin to anybody)
     */
    public static Bytes toScript(BitcoinProfile profile, String address) {
        if (address.length() > MAX_TEXT) {
            throw new AddressRefused(Reason.MALFORMED, "an address has at most " + MAX_TEXT + " characters");
        }
        int separator = address.lastIndexOf('1');
        String prefix = separator < 1 ? "" : address.substring(0, separator).toLowerCase(Locale.ROOT);
        if (prefix.equals(profile.hrp()) && !prefix.isEmpty()) {
            return witness(address);
        }
        Optional<BitcoinProfile> other = ChainProfiles.bitcoinFamily().stream()
                .filter(known -> !known.hrp().isEmpty() && known.hrp().equals(prefix))
                .findFirst();
        if (other.isPresent()) {
            witness(address);
            throw new AddressRefused(
                    Reason.WRONG_NETWORK, "an address of " + other.get().name() + ", not of " + profile.name());
        }
        return base58(profile, address);
    }

    /**
     * The public-key script that a burn's recipient stands for; whoever burnt wrote what he liked.
     *
     * @param recipient text of an address in UTF-8
     * @throws AddressRefused as above, MALFORMED too for bytes that are no text
     */
    public static Bytes toScript(BitcoinProfile profile, Bytes recipient) {
        String address;
        try {
            address = recipient.asUtf8();
        } catch (CodecException e) {
            throw new AddressRefused(Reason.MALFORMED, "the recipient is no text");
        }
        return toScript(profile, address);
    }

    private static Bytes witness(String address) {
        int version;
        Bytes program;
        Bech32.Encoding encoding;
        try {
            var parts = Bech32.decode(address, false);
            version = parts.getSecond()[0];
            program = Bytes.of(Bech32.five2eight(parts.getSecond(), 1));
            encoding = parts.getThird();
        } catch (RuntimeException e) {
            throw new AddressRefused(Reason.MALFORMED, "not a segregated-witness address");
        }
        if (encoding != (version == 0 ? Bech32.Encoding.Bech32 : Bech32.Encoding.Bech32m)) {
            throw new AddressRefused(Reason.MALFORMED, "the checksum is of another witness version");
        }
        boolean known = version == 0 && (program.length() == 20 || program.length() == 32)
                || version == 1 && program.length() == 32;
        if (!known) {
            throw new AddressRefused(
                    Reason.UNSUPPORTED, "witness version " + version + " with " + program.length() + " bytes");
        }
        return Bytes.concat(Bytes.of((byte) (version == 0 ? 0 : OP_1 + version - 1), (byte) program.length()), program);
    }

    private static Bytes base58(BitcoinProfile profile, String address) {
        int version;
        Bytes hash;
        try {
            var parts = Base58Check.decode(address);
            version = parts.getFirst() & 0xff;
            hash = Bytes.of(parts.getSecond());
        } catch (RuntimeException e) {
            throw new AddressRefused(Reason.MALFORMED, "not an address");
        }
        if (hash.length() != 20) {
            throw new AddressRefused(Reason.MALFORMED, "an address holds 20 bytes, not " + hash.length());
        }
        if (version == profile.p2pkhPrefix()) {
            return Bytes.concat(KEY_HASH_HEAD, hash, KEY_HASH_TAIL);
        }
        if (profile.p2shPrefixes().contains(version)) {
            return Bytes.concat(SCRIPT_HASH_HEAD, hash, SCRIPT_HASH_TAIL);
        }
        throw new AddressRefused(Reason.WRONG_NETWORK, "version byte " + version + " is not of " + profile.name());
    }

    /** The address of a public-key script, if it has one on this chain. */
    public static Optional<String> ofScript(BitcoinProfile profile, Bytes script) {
        int length = script.length();
        if (isFramed(script, KEY_HASH_HEAD, KEY_HASH_TAIL)) {
            return Optional.of(encode(profile.p2pkhPrefix(), script.slice(3, 20)));
        }
        if (isFramed(script, SCRIPT_HASH_HEAD, SCRIPT_HASH_TAIL)) {
            return Optional.of(encode(profile.p2shPrefixes().getFirst(), script.slice(2, 20)));
        }
        boolean witness = (length == 22 || length == 34) && script.at(0) == 0 || length == 34 && script.at(0) == OP_1;
        if (!witness || script.at(1) != length - 2 || profile.hrp().isEmpty()) {
            return Optional.empty();
        }
        byte version = (byte) (script.at(0) == 0 ? 0 : 1);
        return Optional.of(Bech32.encodeWitnessAddress(
                profile.hrp(), version, script.slice(2, length - 2).toArray()));
    }

    private static boolean isFramed(Bytes script, Bytes head, Bytes tail) {
        int length = head.length() + 20 + tail.length();
        return script.length() == length
                && script.startsWith(head)
                && script.slice(length - tail.length(), tail.length()).equals(tail);
    }

    private static String encode(int prefix, Bytes hash) {
        return Base58Check.encode((byte) prefix, hash.toArray());
    }
}
