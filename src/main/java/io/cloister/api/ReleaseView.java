package io.cloister.api;

import io.cloister.attestation.release.Maintainers;
import io.cloister.attestation.release.ReleaseManifest;
import io.cloister.attestation.release.ReleaseSignatures;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The signed release that this node says it runs. The documents are texts, exactly as they are signed.
 *
 * @param measurement of the running guest, from its own report
 * @param warDigest SHA-384 of the WAR, as the manifest has it
 * @param manifest the release manifest
 * @param signatures of maintainers
 * @param maintainers who may sign, as this node was given it; a verifier pins its own
 */
record ReleaseView(
        String measurement,
        String version,
        String warDigest,
        String manifest,
        String signatures,
        @Nullable String maintainers) {
    static final String MANIFEST = "manifest.json";
    static final String SIGNATURES = "signatures.json";
    static final String MAINTAINERS = "maintainers.json";

    /**
     * Reads the files of a folder.
     *
     * @throws ApiException 404 without manifest or signatures, 503 when a file cannot be read or is no such document
     */
    static ReleaseView of(Optional<Path> folder, Bytes measurement) {
        Optional<Bytes> manifest = folder.flatMap(at -> read(at.resolve(MANIFEST), ReleaseManifest.MAX_SIZE));
        Optional<Bytes> signatures = folder.flatMap(at -> read(at.resolve(SIGNATURES), ReleaseManifest.MAX_SIZE));
        if (manifest.isEmpty() || signatures.isEmpty()) {
            throw ApiException.notFound(
                    "no-signed-release", "this node has no signed release; it runs measurement " + measurement.toHex());
        }
        Optional<Bytes> maintainers = folder.flatMap(at -> read(at.resolve(MAINTAINERS), Maintainers.MAX_SIZE));
        try {
            ReleaseManifest release = ReleaseManifest.decode(manifest.get());
            ReleaseSignatures.decode(signatures.get());
            maintainers.ifPresent(Maintainers::decode);
            return new ReleaseView(
                    measurement.to0x(),
                    release.version(),
                    release.warDigest().to0x(),
                    manifest.get().asUtf8(),
                    signatures.get().asUtf8(),
                    maintainers.map(Bytes::asUtf8).orElse(null));
        } catch (CodecException e) {
            throw unreadable();
        }
    }

    private static Optional<Bytes> read(Path file, int most) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw unreadable();
            }
            return Optional.of(Bytes.wrap(bytes));
        } catch (IOException e) {
            throw unreadable();
        }
    }

    private static ApiException unreadable() {
        return ApiException.unavailable("release-unreadable", "the release's files are not what they should be");
    }
}
