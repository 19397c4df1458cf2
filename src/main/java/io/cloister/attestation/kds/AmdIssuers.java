package io.cloister.attestation.kds;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.SigningKeyKind;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * AMD's own certificates above the leaves of each line, as its key distribution service publishes them. They come with
 * the program, so that a verifier needs no network for them; the roots' keys are pinned in {@link ProductLine} besides.
 */
public final class AmdIssuers {
    private AmdIssuers() {}

    /** What issues leaves of this kind. */
    public static Issuers of(ProductLine line, SigningKeyKind kind) {
        return new Issuers(resource(line, kind == SigningKeyKind.VLEK ? "asvk" : "ask"), resource(line, "ark"));
    }

    private static Bytes resource(ProductLine line, String name) {
        String path = "/amd/" + line.title().toLowerCase(Locale.ROOT) + "_" + name + ".der";
        try (InputStream file = AmdIssuers.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException(path + " is not on the class path");
            }
            return Bytes.wrap(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
