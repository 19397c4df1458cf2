package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.codec.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdBlockVerifierTest {
    private static ReleaseVerdict verify(IdBlock block, IdAuth auth) {
        return IdBlockVerifier.verify(block.encode(), auth.encode(), Releases.manifest());
    }

    private static ReleaseVerdict verify(IdBlock block) {
        return verify(block, IdAuth.sign(block, Releases.ID_KEY, Releases.AUTHOR_KEY));
    }

    private static void onlyFailure(ReleaseVerdict verdict, String name) {
        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.failures().stream().map(Check::name)).containsExactly(name);
    }

    @Test
    void acceptsALaunchThatTheAuthorSigned() {
        ReleaseVerdict verdict = verify(Releases.block());

        assertThat(verdict.accepted()).isTrue();
        assertThat(verdict.checks()).allMatch(check -> check.result() == Check.Result.PASSED);
        assertThat(verdict.claims())
                .containsEntry("launchDigest", Releases.LAUNCH.toHex())
                .containsEntry(
                        "authorKeyDigest",
                        Releases.AUTHOR_KEY.publicKey().digest().toHex());
    }

    @Test
    void acceptsAnIdKeyThatIsTrustedAlone() {
        ReleaseVerdict verdict = verify(Releases.block(), IdAuth.sign(Releases.block(), Releases.LONE_ID_KEY));

        assertThat(verdict.accepted()).isTrue();
    }

    @Test
    void refusesAnIdKeyThatNobodyTrusts() {
        onlyFailure(verify(Releases.block(), IdAuth.sign(Releases.block(), Releases.ID_KEY)), "id-block.keys");
        onlyFailure(
                verify(Releases.block(), IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.FOREIGN_KEY)),
                "id-block.keys");
    }

    @Test
    void refusesASignatureOverAnotherBlock() {
        IdBlock other =
                new IdBlock(Releases.LAUNCH, Bytes.zeros(16), Bytes.hex("01").padLeft(16), 7, Releases.GUEST_POLICY);

        onlyFailure(
                verify(Releases.block(), IdAuth.sign(other, Releases.ID_KEY, Releases.AUTHOR_KEY)),
                "id-block.signature");
    }

    @Test
    void refusesAnAuthorWhoSignedAnotherKey() {
        IdAuth good = IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY);
        IdAuth other = IdAuth.sign(Releases.block(), Releases.LONE_ID_KEY, Releases.AUTHOR_KEY);

        onlyFailure(
                verify(Releases.block(), new IdAuth(good.blockSignature(), good.idKey(), other.author())),
                "id-block.author-signature");
    }

    @Test
    void refusesAnotherLaunchSecurityVersionAndPolicy() {
        Bytes none = Bytes.zeros(16);
        onlyFailure(
                verify(new IdBlock(Releases.sha384("other"), none, none, 7, Releases.GUEST_POLICY)),
                "id-block.launch-digest");
        onlyFailure(verify(new IdBlock(Releases.LAUNCH, none, none, 6, Releases.GUEST_POLICY)), "id-block.guest-svn");
        onlyFailure(verify(new IdBlock(Releases.LAUNCH, none, none, 8, Releases.GUEST_POLICY)), "id-block.guest-svn");
    }

    @ParameterizedTest
    @ValueSource(longs = {0xb0000, 0x70000})
    void refusesPoliciesThatAllowDebuggingOrMigration(long policy) {
        IdBlock block = new IdBlock(Releases.LAUNCH, Bytes.zeros(16), Bytes.zeros(16), 7, new GuestPolicy(policy));

        onlyFailure(verify(block), "id-block.policy");
    }

    @Test
    void skipsWhatUnreadableBytesMakePointless() {
        ReleaseVerdict block = IdBlockVerifier.verify(
                Bytes.EMPTY,
                IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY)
                        .encode(),
                Releases.manifest());
        ReleaseVerdict auth = IdBlockVerifier.verify(Releases.block().encode(), Bytes.EMPTY, Releases.manifest());

        onlyFailure(block, "id-block.format");
        onlyFailure(auth, "id-auth.format");
        List<String> names = block.checks().stream().map(Check::name).toList();
        assertThat(names)
                .hasSize(8)
                .isEqualTo(auth.checks().stream().map(Check::name).toList());
    }
}
