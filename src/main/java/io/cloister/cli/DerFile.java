package io.cloister.cli;

import io.cloister.codec.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** A certificate, revocation list or public key in a file: DER, or one block of PEM (RFC 7468). */
final class DerFile {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private DerFile() {}

    /** @throws CommandFailed with code 2 when there is no such file, or PEM without exactly one sound block */
    static Bytes read(Path file) {
        Bytes content = InputFile.read(file);
        return isPem(content) ? decode(file, new String(content.toArray(), StandardCharsets.ISO_8859_1)) : content;
    }

    static boolean isPem(Bytes content) {
        return content.startsWith(Bytes.utf8(BEGIN));
    }

    private static Bytes decode(Path file, String text) {
        int body = text.indexOf(DASHES, BEGIN.length());
        int end = text.indexOf(END);
        if (body < 0 || end < body || text.indexOf(BEGIN, 1) >= 0) {
            throw new CommandFailed(2, file + ": not one block of PEM");
        }
        try {
            return Bytes.wrap(Base64.getMimeDecoder().decode(text.substring(body + DASHES.length(), end)));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(2, file + ": not Base64 within PEM", e);
        }
    }
}
