package io.cloister.attestation.release;

import io.cloister.attestation.Check;
import io.cloister.attestation.fuzz.FuzzTarget;
import io.cloister.attestation.fuzz.FuzzTarget.Format;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** What reads releases, their signatures and their launches. */
public final class ReleaseFuzzTargets {
    private static final Bytes MANIFEST = Releases.manifest().encode();
    private static final Bytes SIGNATURES =
            Releases.sign(SignedKind.RELEASE, MANIFEST, Releases.SECRETS.get(0), Releases.SECRETS.get(1));
    private static final Bytes REVOCATIONS = new RevocationList(
                    3, Releases.set(Releases.STRANGER.publicKey().id()), new TreeSet<>(Set.of("1.0.0")), 4)
            .encode();
    private static final Bytes LIST_SIGNATURES =
            Releases.sign(SignedKind.REVOCATIONS, REVOCATIONS, Releases.SECRETS.get(0), Releases.SECRETS.get(1));
    private static final Bytes BLOCK = Releases.block().encode();
    private static final Bytes AUTH =
            IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY).encode();
    private static final Bytes LONE_AUTH =
            IdAuth.sign(Releases.block(), Releases.LONE_ID_KEY).encode();

    private ReleaseFuzzTargets() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of(
                                "firmware image and its launch digests",
                                Format.BINARY,
                                ReleaseFuzzTargets::launch,
                                new TestOvmf().size(2 * 4096).image(),
                                new TestOvmf().size(4096).image())
                        .with(
                                new TestOvmf().size(Ovmf.MAX_SIZE).image(),
                                new TestOvmf().section(0x100_0000, 240 << 20, 1).image(),
                                crowded()),
                FuzzTarget.canonical("ID block", Format.BINARY, IdBlock::decode, IdBlock::encode, BLOCK),
                FuzzTarget.canonical(
                        "ID authentication", Format.BINARY, IdAuth::decode, IdAuth::encode, AUTH, LONE_AUTH),
                FuzzTarget.of("release manifest", Format.JSON, ReleaseFuzzTargets::manifest, MANIFEST)
                        .with(Bytes.utf8("[".repeat(ReleaseManifest.MAX_SIZE)), wide()),
                FuzzTarget.of("signatures", Format.JSON, input -> said(ReleaseSignatures.decode(input)), SIGNATURES),
                FuzzTarget.of(
                        "maintainers",
                        Format.JSON,
                        input -> said(Maintainers.decode(input)),
                        Releases.TWO_OF_THREE.encode()),
                FuzzTarget.of("revoked releases", Format.JSON, ReleaseFuzzTargets::revoked, REVOCATIONS),
                release(
                        "manifest in a verification",
                        Format.JSON,
                        MANIFEST::equals,
                        m -> request(m, SIGNATURES),
                        MANIFEST),
                release(
                        "signatures in a verification",
                        Format.JSON,
                        ignored -> true,
                        s -> request(MANIFEST, s),
                        SIGNATURES),
                release(
                        "revoked releases in a verification",
                        Format.JSON,
                        REVOCATIONS::equals,
                        list -> request(MANIFEST, SIGNATURES).withRevocations(list, LIST_SIGNATURES),
                        REVOCATIONS),
                launchVerdict("ID block in a verification", BLOCK::equals, block -> List.of(block, AUTH), BLOCK),
                launchVerdict(
                        "ID authentication in a verification",
                        input -> input.equals(AUTH) || input.equals(LONE_AUTH),
                        auth -> List.of(BLOCK, auth),
                        AUTH,
                        LONE_AUTH));
    }

    private static String said(Object read) {
        Objects.requireNonNull(read.toString());
        return FuzzTarget.READ;
    }

    /** As many and as large sections as there may be. */
    private static Bytes crowded() {
        TestOvmf image = new TestOvmf().size(2 * 4096);
        for (int i = 0; i < 58; i++) {
            image.section(0x100_0000L + (i << 22), 4 << 20, 1);
        }
        return image.image();
    }

    private static String launch(Bytes input) {
        Ovmf ovmf = Ovmf.parse(input);
        KernelHashes kernel = KernelHashes.of(BLOCK, AUTH, "console=ttyS0");
        String ending = FuzzTarget.READ;
        for (Optional<KernelHashes> booted : List.of(Optional.<KernelHashes>empty(), Optional.of(kernel))) {
            try {
                Vmm vmm = Vmm.values()[Math.floorMod(input.hashCode(), Vmm.values().length)];
                Launch launch = new Launch(ovmf, booted, 4, VcpuSignature.of(25, 17, 0), vmm, Launch.FEATURES_SNP);
                Objects.requireNonNull(LaunchDigest.of(launch));
            } catch (CodecException e) {
                ending = "read, no such launch";
            }
        }
        return ending;
    }

    private static String manifest(Bytes input) {
        ReleaseManifest draft = ReleaseManifest.decodeDraft(input);
        if (!ReleaseManifest.decode(draft.encode()).equals(draft)) {
            throw new AssertionError("another manifest");
        }
        return said(draft.show());
    }

    private static Bytes wide() {
        StringBuilder images = new StringBuilder();
        for (int i = 0; i < 8_000; i++) {
            images.append(i == 0 ? "" : ",").append("\"a%d\":\"00\"".formatted(i));
        }
        return Bytes.utf8("{\"images\":{" + images + "}}");
    }

    private static String revoked(Bytes input) {
        RevocationList draft = RevocationList.decodeDraft(input);
        if (!RevocationList.decode(draft.encode()).equals(draft)) {
            throw new AssertionError("another list");
        }
        return FuzzTarget.READ;
    }

    private static ReleaseRequest request(Bytes manifest, Bytes signatures) {
        return ReleaseRequest.of(manifest, signatures, Releases.TWO_OF_THREE);
    }

    private static FuzzTarget release(
            String name,
            Format format,
            Predicate<Bytes> acceptable,
            Function<Bytes, ReleaseRequest> request,
            Bytes... seeds) {
        return FuzzTarget.of(
                name,
                format,
                input -> {
                    ReleaseVerification verified = ReleaseVerifier.verify(request.apply(input));
                    return ending(verified.verdict(), acceptable.test(input));
                },
                seeds);
    }

    private static FuzzTarget launchVerdict(
            String name, Predicate<Bytes> acceptable, Function<Bytes, List<Bytes>> parts, Bytes... seeds) {
        return FuzzTarget.of(
                name,
                Format.BINARY,
                input -> {
                    List<Bytes> both = parts.apply(input);
                    return ending(
                            IdBlockVerifier.verify(both.get(0), both.get(1), Releases.manifest()),
                            acceptable.test(input));
                },
                seeds);
    }

    private static String ending(ReleaseVerdict verdict, boolean acceptable) {
        if (verdict.accepted() && !acceptable) {
            throw new AssertionError("a changed document is accepted");
        }
        return verdict.accepted()
                ? FuzzTarget.ACCEPTED
                : "refused by "
                        + verdict.checks().stream()
                                .filter(check -> check.result() == Check.Result.FAILED)
                                .map(Check::name)
                                .findFirst()
                                .orElseThrow();
    }
}
