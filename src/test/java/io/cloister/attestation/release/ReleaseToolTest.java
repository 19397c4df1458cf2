package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReleaseToolTest {
    private static final Bytes DRAFT = Bytes.utf8(Releases.manifest().show());

    @Test
    void maintainersSignOneAfterTheOther() {
        ReleaseTool.Signed first = ReleaseTool.sign(DRAFT, Optional.empty(), Releases.SECRETS.get(0));
        ReleaseTool.Signed second =
                ReleaseTool.sign(first.document(), Optional.of(first.signatures()), Releases.SECRETS.get(1));

        assertThat(second.document()).isEqualTo(first.document());
        assertThat(accepted(first)).isFalse();
        assertThat(accepted(second)).isTrue();
    }

    private static boolean accepted(ReleaseTool.Signed signed) {
        return ReleaseTool.verify(ReleaseRequest.of(signed.document(), signed.signatures(), Releases.TWO_OF_THREE))
                .verdict()
                .accepted();
    }

    @Test
    void signingAgainReplacesTheEarlierSignature() {
        ReleaseTool.Signed first = ReleaseTool.sign(DRAFT, Optional.empty(), Releases.SECRETS.get(0));
        ReleaseTool.Signed again = ReleaseTool.sign(DRAFT, Optional.of(first.signatures()), Releases.SECRETS.get(0));

        assertThat(again).isEqualTo(first);
    }

    @Test
    void revocationsAreSignedAlike() {
        RevocationList list = new RevocationList(1, new TreeSet<>(), new TreeSet<>(), 9);
        ReleaseTool.Signed first =
                ReleaseTool.signRevocations(list.encode(), Optional.empty(), Releases.SECRETS.get(0));
        ReleaseTool.Signed second =
                ReleaseTool.signRevocations(first.document(), Optional.of(first.signatures()), Releases.SECRETS.get(1));
        ReleaseTool.Signed release = ReleaseTool.sign(DRAFT, Optional.empty(), Releases.SECRETS.get(0));
        ReleaseVerdict verdict = ReleaseTool.verify(
                        ReleaseRequest.of(release.document(), release.signatures(), Releases.TWO_OF_THREE)
                                .withRevocations(second.document(), second.signatures()))
                .verdict();

        assertThat(verdict.failures())
                .extracting(check -> check.name())
                .containsExactly("release.signatures", "release.least-version");
    }

    @Test
    void refusesToSignWhatIsNoRelease() {
        assertThatThrownBy(() -> ReleaseTool.sign(Bytes.utf8("{}"), Optional.empty(), Releases.SECRETS.get(0)))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> ReleaseTool.sign(DRAFT, Optional.of(Bytes.utf8("[]")), Releases.SECRETS.get(0)))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void showsARelease() {
        assertThat(ReleaseTool.show(Releases.manifest().encode())).contains("\"version\" : \"1.4.0\"");
    }
}
