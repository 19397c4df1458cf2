package io.cloister.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;

/** RFC 5869 with SHA-256 on plain arrays; the caller zeroes what is secret. */
final class Hkdf {
    private static final int HASH_LENGTH = 32;

    private Hkdf() {}

    /** HMAC-SHA-256. An empty key is the same as one zero byte, because HMAC pads with zeros. */
    static byte[] hmac(byte[] key, byte[]... data) {
        try (TransientKey wrapped = new TransientKey("HmacSHA256", key.length == 0 ? new byte[1] : key)) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(wrapped);
            for (byte[] part : data) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks HMAC-SHA-256", e);
        }
    }

    static byte[] extract(byte[] salt, byte[]... keyMaterial) {
        return hmac(salt.length == 0 ? new byte[HASH_LENGTH] : salt, keyMaterial);
    }

    static byte[] expand(byte[] pseudoRandomKey, byte[] info, int length) {
        if (length < 0 || length > 255 * HASH_LENGTH) {
            throw new IllegalArgumentException("HKDF-SHA-256 cannot give " + length + " bytes");
        }
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        for (int at = 0, counter = 1; at < length; at += HASH_LENGTH, counter++) {
            byte[] next = hmac(pseudoRandomKey, block, info, new byte[] {(byte) counter});
            Arrays.fill(block, (byte) 0);
            block = next;
            System.arraycopy(block, 0, out, at, Math.min(HASH_LENGTH, length - at));
        }
        Arrays.fill(block, (byte) 0);
        return out;
    }
}
