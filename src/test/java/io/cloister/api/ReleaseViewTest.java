package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.release.ReleaseManifest;
import io.cloister.attestation.release.ReleaseSignatures;
import io.cloister.attestation.release.Releases;
import io.cloister.attestation.release.SignedKind;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseViewTest {
    private static final Bytes MEASUREMENT = Bytes.zeros(48);

    private final ReleaseManifest release = Releases.manifest();
    private final ReleaseSignatures signatures = new ReleaseSignatures(List.of())
            .signedBy(Releases.SECRETS.getFirst(), SignedKind.RELEASE, release.encode());

    @TempDir
    private Path folder;

    private void write(String name, Bytes content) throws IOException {
        Files.write(folder.resolve(name), content.toArray());
    }

    private ReleaseView view() {
        return ReleaseView.of(Optional.of(folder), MEASUREMENT);
    }

    @Test
    void handsOutTheDocumentsExactlyAsTheyAreSigned() throws IOException {
        write("manifest.json", release.encode());
        write("signatures.json", signatures.encode());
        ReleaseView view = view();
        assertThat(Bytes.utf8(view.manifest())).isEqualTo(release.encode());
        assertThat(Bytes.utf8(view.signatures())).isEqualTo(signatures.encode());
        assertThat(view.maintainers()).isNull();
        assertThat(view.version()).isEqualTo(release.version());
        assertThat(view.warDigest()).isEqualTo(release.warDigest().to0x());
        write("maintainers.json", Releases.TWO_OF_THREE.encode());
        assertThat(view().maintainers())
                .isEqualTo(Releases.TWO_OF_THREE.encode().asUtf8());
    }

    @Test
    void saysThatThereIsNoneWithoutManifestOrSignatures() throws IOException {
        assertThatThrownBy(() -> ReleaseView.of(Optional.empty(), MEASUREMENT))
                .satisfies(e -> assertProblem(e, 404, "no-signed-release"));
        assertThatThrownBy(this::view).satisfies(e -> assertProblem(e, 404, "no-signed-release"));
        write("manifest.json", release.encode());
        assertThatThrownBy(this::view).satisfies(e -> assertProblem(e, 404, "no-signed-release"));
    }

    @Test
    void handsOutNothingThatIsNoSuchDocument() throws IOException {
        write("manifest.json", Bytes.utf8("{}"));
        write("signatures.json", signatures.encode());
        assertThatThrownBy(this::view).satisfies(e -> assertProblem(e, 503, "release-unreadable"));
        write("manifest.json", Bytes.zeros(ReleaseManifest.MAX_SIZE + 1));
        assertThatThrownBy(this::view).satisfies(e -> assertProblem(e, 503, "release-unreadable"));
    }
}
