package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The measurement of a release on a simulated platform, 48 bytes: SHA-384("cloister/measurement/v1" || u32 48 ||
 * SHA-384(WAR) || u32 48 || SHA-384(C library)). On real hardware the launch digest takes its place.
 */
public final class Measurement {
    private static final Bytes LABEL = Bytes.utf8("cloister/measurement/v1");
    private static final int BUFFER = 1 << 16;

    private Measurement() {}

    /**
     * Measures the bytes of a WAR and of the C library; the streams are read to their end and left open.
     *
     * @throws IOException when a stream cannot be read
     */
    public static Bytes of(InputStream war, InputStream library) throws IOException {
        return ofDigests(sha384(war), sha384(library));
    }

    /** The measurement of files that are already hashed with SHA-384. */
    public static Bytes ofDigests(Bytes warDigest, Bytes libraryDigest) {
        return Hashes.sha384(
                LABEL, new Writer().bytes(warDigest).bytes(libraryDigest).toBytes());
    }

    private static Bytes sha384(InputStream input) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-384");
            byte[] buffer = new byte[BUFFER];
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return Bytes.wrap(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java runtime lacks SHA-384", e);
        }
    }
}
