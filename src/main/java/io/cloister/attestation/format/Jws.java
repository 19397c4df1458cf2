package io.cloister.attestation.format;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import java.util.Base64;

/**
 * Signed tokens: JWS in compact form (RFC 7515) by ES256K (RFC 8812). The header has one form, and its {@code kid} is the
 * compressed key in hexadecimal as boot key sets have it, so a token of one type or key never passes for another.
 */
public final class Jws {
    /** Characters of a token, at most. */
    public static final int MAX_SIZE = 1024 * 1024;

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Jws() {}

    /** @param type what the token is, {@code typ} of the header */
    public static String sign(SigningKey key, String type, Bytes payload) {
        String input = base64Url(header(key.id(), type)) + "." + base64Url(payload);
        return input + "." + base64Url(key.sign(digest(input)).compact());
    }

    /**
     * The payload of a token that this key signed.
     *
     * @param key33 a compressed key, from evidence and never from the token
     * @throws CodecException OUT_OF_RANGE when the signature is not of this key over this token; BAD_TEXT, NOT_CANONICAL,
     *     TOO_LONG or UNKNOWN for what is no such token
     */
    public static Bytes verify(String token, String type, Bytes key33) {
        if (token.length() > MAX_SIZE) {
            throw new CodecException(Reason.TOO_LONG, "a token of " + token.length() + " characters");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new CodecException(Reason.BAD_TEXT, "a token has three parts");
        }
        if (!parts[0].equals(base64Url(header(key33, type)))) {
            throw new CodecException(Reason.UNKNOWN, "a token of another type or key");
        }
        Bytes payload = fromBase64Url(parts[1]);
        Signature signature = Signature.decodeCompact(fromBase64Url(parts[2]));
        if (!Ecdsa.verify(Point.decode(key33), digest(parts[0] + "." + parts[1]), signature)) {
            throw new CodecException(Reason.OUT_OF_RANGE, "the signature does not hold");
        }
        return payload;
    }

    static String base64Url(Bytes bytes) {
        return BASE64URL.encodeToString(bytes.toArray());
    }

    private static Bytes fromBase64Url(String text) {
        try {
            Bytes bytes = Bytes.wrap(Base64.getUrlDecoder().decode(text));
            if (base64Url(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new CodecException(Reason.BAD_TEXT, "not base64url", e);
        }
        throw new CodecException(Reason.NOT_CANONICAL, "base64url with padding or loose bits");
    }

    private static Bytes header(Bytes key33, String type) {
        return Bytes.utf8("{\"alg\":\"ES256K\",\"kid\":\"" + key33.toHex() + "\",\"typ\":\"" + type + "\"}");
    }

    private static Bytes digest(String input) {
        return Hashes.sha256(Bytes.utf8(input));
    }
}
