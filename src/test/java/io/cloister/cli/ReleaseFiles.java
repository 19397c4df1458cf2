package io.cloister.cli;

import io.cloister.attestation.release.MaintainerSecret;
import io.cloister.attestation.release.ReleaseManifest;
import io.cloister.attestation.release.Releases;
import io.cloister.attestation.release.RevocationList;
import io.cloister.attestation.release.SignedKind;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A release in a folder, signed by the first two of three maintainers, and options to verify it. */
final class ReleaseFiles {
    static final MaintainerSecret FIRST = Releases.SECRETS.get(0);
    static final MaintainerSecret SECOND = Releases.SECRETS.get(1);
    static final MaintainerSecret THIRD = Releases.SECRETS.get(2);

    private final Path folder;

    ReleaseFiles(Path folder) {
        this.folder = folder;
        release(Releases.manifest(), FIRST, SECOND);
        write("maintainers.json", Releases.TWO_OF_THREE.encode());
        write("war", Bytes.utf8("war"));
        write("policy.json", Releases.POLICY);
        for (int number = 1; number <= 3; number++) {
            write("maintainer-" + number + ".der", Releases.maintainerPkcs8(number));
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    Path write(String name, Bytes content) {
        try {
            return Files.write(folder.resolve(name), content.toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Bytes read(String name) {
        try {
            return Bytes.wrap(Files.readAllBytes(folder.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void release(ReleaseManifest manifest, MaintainerSecret... signers) {
        write("release.json", manifest.encode());
        write("release.signatures", Releases.sign(SignedKind.RELEASE, manifest.encode(), signers));
    }

    void revocations(RevocationList list, MaintainerSecret... signers) {
        write("revocations.json", list.encode());
        write("revocations.signatures", Releases.sign(SignedKind.REVOCATIONS, list.encode(), signers));
    }

    static RevocationList list(long number) {
        return new RevocationList(number, new TreeSet<>(), new TreeSet<>(), 0);
    }

    Ran verify(Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "verify",
                "--manifest",
                path("release.json"),
                "--signatures",
                path("release.signatures"),
                "--maintainers",
                path("maintainers.json"),
                "--json"));
        words.addAll(List.of(more));
        return Ran.release(words.toArray());
    }

    Ran verifyWithList(Object... more) {
        List<Object> words = new ArrayList<>(List.of(
                "--revocations", path("revocations.json"), "--revocation-signatures", path("revocations.signatures")));
        words.addAll(List.of(more));
        return verify(words.toArray());
    }
}
