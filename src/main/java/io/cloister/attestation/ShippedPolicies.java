package io.cloister.attestation;

import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/** The policies that come with every release, under {@code policies/} on the class path. */
public enum ShippedPolicies {
    /** Genoa and Turin with the fixes of known attacks; names no software until a release does. */
    PRODUCTION("production"),
    /** Google Cloud, which gives Milan only: for tests. */
    GCP_MILAN_TEST("gcp-milan-test"),
    /** Any firmware of Genoa and Turin; a devnet adds its measurements and test roots. */
    DEVNET("devnet"),
    /** What the command judges by when it is given no policy: as production, but silent about software. */
    DEFAULT("default");

    private final String title;

    ShippedPolicies(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /** The policy of this title. */
    public static Optional<ShippedPolicies> ofTitle(String title) {
        return Arrays.stream(values())
                .filter(policy -> policy.title.equals(title))
                .findFirst();
    }

    public Policy policy() {
        return Policy.parse(document());
    }

    /** The file as it is signed with a release. */
    public Bytes document() {
        String resource = "/policies/" + title + ".json";
        try (InputStream file = ShippedPolicies.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return Bytes.of(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
