package io.cloister.attestation.release;

import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.attestation.snp.TcbLayout;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SecretBytes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A release, its keys and its launch, the same in every run. */
public final class Releases {
    public static final List<MaintainerSecret> SECRETS =
            Stream.of(1, 2, 3).map(Releases::maintainer).toList();
    public static final MaintainerSecret STRANGER = maintainer(9);
    public static final Maintainers TWO_OF_THREE = new Maintainers(2, keys(SECRETS.toArray(new MaintainerSecret[0])));

    public static final LaunchKey ID_KEY = launchKey(1);
    public static final LaunchKey AUTHOR_KEY = launchKey(2);
    public static final LaunchKey LONE_ID_KEY = launchKey(3);
    public static final LaunchKey FOREIGN_KEY = launchKey(4);

    public static final Bytes LAUNCH = sha384("launch");
    public static final Bytes CLOUD_FIRMWARE = sha384("firmware of the cloud");
    public static final Bytes CLOUD_ID_KEY = sha384("ID key of the cloud");
    public static final Bytes PCR_4 = Hashes.sha256(Bytes.utf8("kernel"));
    public static final Bytes PCR_11 = Hashes.sha256(Bytes.utf8("unified kernel image"));
    public static final Bytes POLICY = Bytes.utf8("{\"a\":\"policy\"}");
    public static final Bytes WAR = sha384("war");
    public static final long SECURITY_VERSION = 7;
    public static final GuestPolicy GUEST_POLICY = new GuestPolicy(0x30000);

    private Releases() {}

    public static Bytes sha384(String text) {
        return Hashes.sha384(Bytes.utf8(text));
    }

    public static MaintainerSecret maintainer(int number) {
        return MaintainerSecret.ofPkcs8(secret(maintainerPkcs8(number)));
    }

    public static LaunchKey launchKey(int number) {
        return LaunchKey.ofDer(secret(launchPkcs8(number)));
    }

    /** PrivateKeyInfo of a maintainer's key. */
    public static Bytes maintainerPkcs8(int number) {
        return Bytes.concat(
                Bytes.hex("302e020100300506032b657004220420"), Hashes.sha256(Bytes.utf8("maintainer " + number)));
    }

    /** PrivateKeyInfo of a key of launches. */
    public static Bytes launchPkcs8(int number) {
        return pkcs8(sha384("launch key " + number).slice(0, 47).padLeft(48));
    }

    /** PrivateKeyInfo of a P-384 key without its public half. */
    public static Bytes pkcs8(Bytes scalar) {
        return Bytes.concat(Bytes.hex("304e020100301006072a8648ce3d020106052b81040022043730350201010430"), scalar);
    }

    public static SecretBytes secret(Bytes value) {
        return SecretBytes.taking(value.toArray());
    }

    public static TreeSet<MaintainerKey> keys(MaintainerSecret... secrets) {
        return new TreeSet<>(Stream.of(secrets).map(MaintainerSecret::publicKey).toList());
    }

    public static ReleaseManifest manifest() {
        return manifest("1.4.0", SECURITY_VERSION);
    }

    public static ReleaseManifest manifest(String version, long securityVersion) {
        BootProfile azure =
                new BootProfile(set(CLOUD_ID_KEY), set(CLOUD_FIRMWARE), new TreeMap<>(Map.of(4, PCR_4, 11, PCR_11)));
        return new ReleaseManifest(
                version,
                Bytes.hex("0123456789abcdef0123456789abcdef01234567"),
                WAR,
                new TreeMap<>(Map.of("gcp-disk", Hashes.sha256(Bytes.utf8("disk")))),
                new TreeMap<>(Map.of("qemu-genoa-8", LAUNCH)),
                set(AUTHOR_KEY.publicKey().digest()),
                set(LONE_ID_KEY.publicKey().digest()),
                new TreeMap<>(Map.of("azure", azure)),
                new TreeMap<>(Map.of(
                        ProductLine.GENOA,
                        Tcb.early(10, 0, 23, 84),
                        ProductLine.TURIN,
                        new Tcb(TcbLayout.TURIN, 1, 1, 1, 4, 81))),
                securityVersion,
                Hashes.sha256(POLICY));
    }

    /** The release with another policy and other boot profiles. */
    public static ReleaseManifest manifest(Bytes policy, Map<String, BootProfile> boot) {
        ReleaseManifest release = manifest();
        return new ReleaseManifest(
                release.version(),
                release.commit(),
                release.warDigest(),
                release.images(),
                release.launchDigests(),
                release.authorKeys(),
                release.idKeys(),
                new TreeMap<>(boot),
                release.minimumTcb(),
                release.securityVersion(),
                Hashes.sha256(policy));
    }

    public static TreeSet<Bytes> set(Bytes... values) {
        return new TreeSet<>(List.of(values));
    }

    public static Bytes sign(SignedKind kind, Bytes document, MaintainerSecret... secrets) {
        ReleaseSignatures signatures = ReleaseSignatures.NONE;
        for (MaintainerSecret secret : secrets) {
            signatures = signatures.signedBy(secret, kind, document);
        }
        return signatures.encode();
    }

    public static IdBlock block() {
        return new IdBlock(LAUNCH, Bytes.zeros(16), Bytes.zeros(16), SECURITY_VERSION, GUEST_POLICY);
    }
}
