package io.cloister.attestation.platform;

import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Google's certificates above attestation keys, from the folder {@code Google} beside AMD's: files of any name that end in
 * {@code .der}, {@code .crt} or {@code .pem}, DER or PEM. Machines do not have them and nothing fetches them.
 */
public final class GoogleAuthorities {
    private static final String FOLDER = "Google";
    private static final int MAX_FILES = 16;

    private GoogleAuthorities() {}

    /**
     * Reads them; none where there is no such folder.
     *
     * @throws IOException also for a file that holds no certificate or is too long
     */
    public static List<Bytes> in(Path collateral) throws IOException {
        Path folder = collateral.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Bytes> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(GoogleAuthorities::named)
                    .sorted()
                    .limit(MAX_FILES)
                    .toList()) {
                found.addAll(read(file));
            }
        }
        return found;
    }

    private static boolean named(Path file) {
        return file.getFileName().toString().matches(".+\\.(der|crt|pem)");
    }

    private static List<Bytes> read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(2 * SnpCertificate.MAX_SIZE + 1);
            if (content.length > 2 * SnpCertificate.MAX_SIZE) {
                throw new IOException(file + " is too long for certificates");
            }
            List<Bytes> found = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content))) {
                found.add(Bytes.wrap(certificate.getEncoded()));
            }
            return found;
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificate", e);
        }
    }
}
