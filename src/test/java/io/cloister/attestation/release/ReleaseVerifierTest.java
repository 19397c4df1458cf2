package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.Check;
import io.cloister.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReleaseVerifierTest {
    private static final MaintainerSecret FIRST = Releases.SECRETS.get(0);
    private static final MaintainerSecret SECOND = Releases.SECRETS.get(1);
    private static final MaintainerSecret THIRD = Releases.SECRETS.get(2);
    private static final Bytes MANIFEST = Releases.manifest().encode();

    private static ReleaseRequest request(MaintainerSecret... signers) {
        return ReleaseRequest.of(MANIFEST, Releases.sign(SignedKind.RELEASE, MANIFEST, signers), Releases.TWO_OF_THREE);
    }

    private static ReleaseRequest withSignatures(Bytes signatures) {
        return ReleaseRequest.of(MANIFEST, signatures, Releases.TWO_OF_THREE);
    }

    private static RevocationList list(long number) {
        return new RevocationList(number, new TreeSet<>(), new TreeSet<>(), 0);
    }

    private static Seen seen(long securityVersion, RevocationList list) {
        return new Seen(securityVersion, Optional.of(list));
    }

    private static RevocationList revoking(MaintainerSecret... secrets) {
        TreeSet<Bytes> ids = new TreeSet<>();
        for (MaintainerSecret secret : secrets) {
            ids.add(secret.publicKey().id());
        }
        return new RevocationList(5, ids, new TreeSet<>(), 0);
    }

    private static ReleaseRequest revoked(ReleaseRequest request, RevocationList list, MaintainerSecret... signers) {
        return request.withRevocations(list.encode(), Releases.sign(SignedKind.REVOCATIONS, list.encode(), signers));
    }

    private static void onlyFailure(ReleaseRequest request, String name) {
        ReleaseVerification answer = ReleaseVerifier.verify(request);
        assertThat(answer.verdict().accepted()).isFalse();
        assertThat(answer.manifest()).isEmpty();
        assertThat(answer.verdict().failures().stream().map(Check::name)).containsExactly(name);
    }

    private static Check check(ReleaseRequest request, String name) {
        return ReleaseVerifier.verify(request).verdict().checks().stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ReleaseRequest complete() {
        return revoked(request(FIRST, SECOND), list(5), FIRST, THIRD)
                .withSeen(seen(7, list(5)))
                .withPolicy(Releases.POLICY)
                .withWarDigest(Releases.WAR);
    }

    @Test
    void acceptsWhatEnoughMaintainersSigned() {
        ReleaseVerification answer = ReleaseVerifier.verify(complete());

        assertThat(answer.verdict().accepted()).isTrue();
        assertThat(answer.verdict().checks()).hasSize(10).allMatch(line -> line.result() == Check.Result.PASSED);
        assertThat(answer.manifest()).contains(Releases.manifest());
        assertThat(answer.seen()).isEqualTo(seen(7, list(5)));
        assertThat(answer.verdict().claims()).containsEntry("version", "1.4.0").containsEntry("securityVersion", "7");
        assertThat(answer.verdict().toJson()).contains("\"verdict\" : \"accepted\"");
    }

    @Test
    void listsWhatItDidNotLookAt() {
        ReleaseVerification answer = ReleaseVerifier.verify(request(FIRST, SECOND));

        assertThat(answer.verdict().accepted()).isTrue();
        assertThat(answer.verdict().checks().stream()
                        .filter(line -> line.result() == Check.Result.SKIPPED)
                        .map(Check::name))
                .containsExactly(
                        "revocations.format",
                        "revocations.signatures",
                        "revocations.rollback",
                        "release.revoked",
                        "release.least-version",
                        "release.policy",
                        "release.war");
        assertThat(answer.seen()).isEqualTo(new Seen(7, Optional.empty()));
    }

    @Test
    void everyAnswerHasTheSameChecks() {
        List<String> names = names(complete());

        assertThat(names(request())).isEqualTo(names);
        assertThat(names(ReleaseRequest.of(Bytes.EMPTY, Bytes.EMPTY, Releases.TWO_OF_THREE)))
                .isEqualTo(names);
        assertThat(names(complete().withRevocations(Bytes.EMPTY, Bytes.EMPTY))).isEqualTo(names);
        assertThat(names(request().withSeen(seen(0, list(1))))).isEqualTo(names);
    }

    private static List<String> names(ReleaseRequest request) {
        return ReleaseVerifier.verify(request).verdict().checks().stream()
                .map(Check::name)
                .toList();
    }

    @Test
    void refusesTooFewSigners() {
        onlyFailure(request(), "release.signatures");
        onlyFailure(request(FIRST), "release.signatures");
    }

    @Test
    void aSignerCountsOnce() {
        ReleaseSignatures.Entry entry =
                new ReleaseSignatures.Entry(FIRST.publicKey().id(), FIRST.sign(SignedKind.RELEASE.message(MANIFEST)));

        onlyFailure(withSignatures(new ReleaseSignatures(List.of(entry, entry, entry)).encode()), "release.signatures");
    }

    @Test
    void strangersAndWrongSignaturesCountForNothingAndDoNoHarm() {
        ReleaseSignatures good = ReleaseSignatures.NONE
                .signedBy(FIRST, SignedKind.RELEASE, MANIFEST)
                .signedBy(Releases.STRANGER, SignedKind.RELEASE, MANIFEST);
        onlyFailure(withSignatures(good.encode()), "release.signatures");

        List<ReleaseSignatures.Entry> entries = new ArrayList<>(good.entries());
        entries.add(new ReleaseSignatures.Entry(SECOND.publicKey().id(), Bytes.zeros(64)));
        onlyFailure(withSignatures(new ReleaseSignatures(entries).encode()), "release.signatures");

        entries.addAll(ReleaseSignatures.NONE
                .signedBy(THIRD, SignedKind.RELEASE, MANIFEST)
                .entries());
        ReleaseRequest enough = withSignatures(new ReleaseSignatures(entries).encode());
        assertThat(ReleaseVerifier.verify(enough).verdict().accepted()).isTrue();
        assertThat(check(enough, "release.signatures").detail())
                .contains("2 signers of 2 needed", "1 do not verify", "1 of unknown keys");
    }

    @Test
    void refusesSignaturesOverAnotherDocumentOrKind() {
        Bytes other = Releases.manifest("1.4.1", 7).encode();

        onlyFailure(withSignatures(Releases.sign(SignedKind.RELEASE, other, FIRST, SECOND)), "release.signatures");
        onlyFailure(
                withSignatures(Releases.sign(SignedKind.REVOCATIONS, MANIFEST, FIRST, SECOND)), "release.signatures");
    }

    @Test
    void refusesOneMaintainersSignatureUnderAnothersName() {
        ReleaseSignatures.Entry first =
                new ReleaseSignatures.Entry(FIRST.publicKey().id(), FIRST.sign(SignedKind.RELEASE.message(MANIFEST)));
        ReleaseSignatures.Entry renamed =
                new ReleaseSignatures.Entry(SECOND.publicKey().id(), first.signature());

        onlyFailure(withSignatures(new ReleaseSignatures(List.of(first, renamed)).encode()), "release.signatures");
    }

    @Test
    void refusesUnreadableSignatures() {
        onlyFailure(withSignatures(Bytes.utf8("{}")), "release.signatures");
    }

    @Test
    void refusesAnUnreadableRelease() {
        onlyFailure(
                ReleaseRequest.of(
                        Bytes.concat(MANIFEST, Bytes.utf8("\n")),
                        Releases.sign(SignedKind.RELEASE, MANIFEST, FIRST, SECOND),
                        Releases.TWO_OF_THREE),
                "release.format");
    }

    @Test
    void aRevokedKeyNoLongerCounts() {
        onlyFailure(revoked(request(FIRST, SECOND), revoking(SECOND), FIRST, THIRD), "release.signatures");
        assertThat(ReleaseVerifier.verify(revoked(request(FIRST, SECOND, THIRD), revoking(SECOND), FIRST, THIRD))
                        .verdict()
                        .accepted())
                .isTrue();
    }

    @Test
    void aKeyThatAListRevokesDoesNotCountUnderThatList() {
        onlyFailure(revoked(request(FIRST, SECOND, THIRD), revoking(SECOND), FIRST, SECOND), "revocations.signatures");
    }

    @Test
    void refusesARevokedVersion() {
        RevocationList list = new RevocationList(5, new TreeSet<>(), new TreeSet<>(Set.of("1.4.0")), 0);

        onlyFailure(revoked(request(FIRST, SECOND), list, FIRST, SECOND), "release.revoked");
    }

    @Test
    void refusesASecurityVersionBelowTheLeast() {
        RevocationList list = new RevocationList(5, new TreeSet<>(), new TreeSet<>(), 8);

        onlyFailure(revoked(request(FIRST, SECOND), list, FIRST, SECOND), "release.least-version");
    }

    @Test
    void refusesASecurityVersionBelowOneThatWasSeen() {
        onlyFailure(request(FIRST, SECOND).withSeen(new Seen(8, Optional.empty())), "release.rollback");
    }

    @Test
    void refusesAListThatIsNotSignedByEnough() {
        onlyFailure(revoked(request(FIRST, SECOND), list(5), FIRST), "revocations.signatures");
        onlyFailure(
                request(FIRST, SECOND)
                        .withRevocations(
                                list(5).encode(), Releases.sign(SignedKind.RELEASE, list(5).encode(), FIRST, SECOND)),
                "revocations.signatures");
    }

    @Test
    void refusesAnOlderListAndALackOfOne() {
        onlyFailure(
                revoked(request(FIRST, SECOND), list(5), FIRST, SECOND).withSeen(seen(0, list(6))),
                "revocations.rollback");
        onlyFailure(request(FIRST, SECOND).withSeen(seen(0, list(6))), "revocations.format");
    }

    @Test
    void refusesAnUnreadableList() {
        onlyFailure(request(FIRST, SECOND).withRevocations(Bytes.utf8("{}"), Bytes.utf8("{}")), "revocations.format");
    }

    @Test
    void refusesAnotherPolicyAndAnotherWar() {
        onlyFailure(request(FIRST, SECOND).withPolicy(Bytes.utf8("{}")), "release.policy");
        onlyFailure(request(FIRST, SECOND).withWarDigest(Releases.sha384("another")), "release.war");
    }

    @Test
    void remembersAGenuineListBesideARefusedRelease() {
        RevocationList list = new RevocationList(9, new TreeSet<>(), new TreeSet<>(Set.of("1.4.0")), 0);
        ReleaseVerification answer = ReleaseVerifier.verify(
                revoked(request(FIRST, SECOND), list, FIRST, SECOND).withSeen(seen(3, list(2))));

        assertThat(answer.verdict().accepted()).isFalse();
        assertThat(answer.seen()).isEqualTo(seen(3, list));
    }

    private static RevocationList list(long number, Set<Bytes> keys, Set<String> versions, long least) {
        return new RevocationList(number, new TreeSet<>(keys), new TreeSet<>(versions), least);
    }

    private static Bytes id(MaintainerSecret secret) {
        return secret.publicKey().id();
    }

    private static Seen after(RevocationList list, MaintainerSecret... signers) {
        return ReleaseVerifier.verify(revoked(request(FIRST, SECOND, THIRD), list, signers))
                .seen();
    }

    private static List<String> failures(ReleaseRequest request) {
        return ReleaseVerifier.verify(request).verdict().failures().stream()
                .map(Check::name)
                .toList();
    }

    @Test
    void aNewerListBringsNoRevokedMaintainerBack() {
        Seen before = after(list(1, Set.of(id(FIRST)), Set.of(), 0), SECOND, THIRD);
        ReleaseRequest back =
                revoked(request(FIRST, SECOND), list(2), FIRST, SECOND).withSeen(before);

        assertThat(failures(back)).containsExactly("revocations.signatures", "revocations.rollback");
        assertThat(ReleaseVerifier.verify(back).seen()).isEqualTo(before);
    }

    @Test
    void aNewerListHoldsAllThatWasRevokedBefore() {
        Seen before = after(list(1, Set.of(id(FIRST)), Set.of("1.3.0"), 5), SECOND, THIRD);
        RevocationList withoutKey = list(2, Set.of(), Set.of("1.3.0"), 5);
        RevocationList withoutVersion = list(2, Set.of(id(FIRST)), Set.of("1.3.1"), 5);
        RevocationList lowerLeast = list(2, Set.of(id(FIRST)), Set.of("1.3.0"), 4);
        for (RevocationList less : List.of(withoutKey, withoutVersion, lowerLeast)) {
            ReleaseRequest request =
                    revoked(request(SECOND, THIRD), less, SECOND, THIRD).withSeen(before);
            onlyFailure(request, "revocations.rollback");
            assertThat(check(request, "revocations.rollback").detail()).contains("lacks what list 1 revoked");
            assertThat(ReleaseVerifier.verify(request).seen()).isEqualTo(before);
        }

        RevocationList more = list(2, Set.of(id(FIRST)), Set.of("1.3.0", "1.3.1"), 6);
        ReleaseVerification answer = ReleaseVerifier.verify(
                revoked(request(SECOND, THIRD), more, SECOND, THIRD).withSeen(before));
        assertThat(answer.verdict().accepted()).isTrue();
        assertThat(failures(revoked(request(SECOND, THIRD), more, SECOND, THIRD).withSeen(answer.seen())))
                .isEmpty();
    }

    @Test
    void refusesAnotherListOfTheSameNumber() {
        Seen before = after(list(5), FIRST, SECOND);
        ReleaseRequest request = revoked(request(FIRST, SECOND), list(5, Set.of(), Set.of("1.3.0"), 0), FIRST, SECOND)
                .withSeen(before);

        onlyFailure(request, "revocations.rollback");
        assertThat(check(request, "revocations.rollback").detail()).contains("another list of number 5");
        assertThat(ReleaseVerifier.verify(request).seen()).isEqualTo(before);
    }

    @Test
    void whatWasRevokedCountsEvenWhereNoListIsGiven() {
        ReleaseRequest request =
                request(FIRST, SECOND).withSeen(after(list(1, Set.of(id(FIRST)), Set.of("1.4.0"), 8), SECOND, THIRD));

        assertThat(failures(request))
                .containsExactly(
                        "revocations.format", "release.signatures", "release.revoked", "release.least-version");
    }
}
