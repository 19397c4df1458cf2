package io.cloister.attestation.kds;

import io.cloister.attestation.kds.Miss.Reason;
import io.cloister.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates as text (RFC 7468). */
final class Pem {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";

    private Pem() {}

    /** Exactly so many certificates, in their order; what stands between them is not looked at. */
    static List<Bytes> certificates(String text, int count) throws MissException {
        List<Bytes> certificates = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int end = text.indexOf(END, at);
            if (end < 0) {
                throw new MissException(Reason.MALFORMED, "a certificate is cut short");
            }
            if (certificates.size() == count) {
                throw new MissException(Reason.MALFORMED, "more than " + count + " certificates");
            }
            certificates.add(decode(text.substring(at + BEGIN.length(), end)));
            at = text.indexOf(BEGIN, end);
        }
        if (certificates.size() < count) {
            throw new MissException(Reason.MALFORMED, certificates.size() + " certificates instead of " + count);
        }
        return certificates;
    }

    static List<Bytes> certificates(byte[] text, int count) throws MissException {
        return certificates(new String(text, StandardCharsets.ISO_8859_1), count);
    }

    private static Bytes decode(String base64) throws MissException {
        try {
            return Bytes.wrap(Base64.getDecoder().decode(base64.replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            throw new MissException(Reason.MALFORMED, "a certificate is not Base64");
        }
    }
}
