package io.cloister.cli;

import io.cloister.attestation.release.LaunchKey;
import io.cloister.attestation.release.MaintainerSecret;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;

/** A private key in a file as openssl makes it: PKCS #8, in DER or PEM, not encrypted. */
final class KeyFile {
    private static final int MAX_SIZE = 8 << 10;
    private static final byte[] BEGIN = ascii("-----BEGIN PRIVATE KEY-----");
    private static final byte[] END = ascii("-----END PRIVATE KEY-----");

    private KeyFile() {}

    static MaintainerSecret maintainer(Path file) {
        return read(file, MaintainerSecret::ofPkcs8);
    }

    static LaunchKey launch(Path file) {
        return read(file, LaunchKey::ofDer);
    }

    private static <T> T read(Path file, Function<SecretBytes, T> reader) {
        if (!Files.isRegularFile(file)) {
            throw new CommandFailed(2, file + ": there is no such file");
        }
        try (SecretBytes pkcs8 = SecretBytes.taking(der(file, content(file)))) {
            return reader.apply(pkcs8);
        } catch (CodecException e) {
            throw new CommandFailed(2, file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_SIZE + 1);
            if (content.length == 0 || content.length > MAX_SIZE) {
                throw new CommandFailed(2, file + ": not a private key");
            }
            return content;
        } catch (IOException e) {
            throw new CommandFailed(2, file + ": cannot be read", e);
        }
    }

    /** Takes the content over: it is zeroed when it is text. */
    private static byte[] der(Path file, byte[] content) {
        if (content.length < BEGIN.length || !Arrays.equals(content, 0, BEGIN.length, BEGIN, 0, BEGIN.length)) {
            return content;
        }
        byte[] body = new byte[0];
        try {
            body = Arrays.copyOfRange(content, BEGIN.length, end(file, content));
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(2, file + ": not Base64 within PEM", e);
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(body, (byte) 0);
        }
    }

    private static int end(Path file, byte[] content) {
        for (int at = BEGIN.length; at <= content.length - END.length; at++) {
            if (Arrays.equals(content, at, at + END.length, END, 0, END.length)) {
                return at;
            }
        }
        throw new CommandFailed(2, file + ": a key that is cut short");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
