package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.AzureEvidence;
import io.cloister.attestation.Collateral;
import io.cloister.attestation.Demanded;
import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Examination;
import io.cloister.attestation.SnpEvidence;
import io.cloister.attestation.tpm.PcrValues;
import io.cloister.attestation.tpm.QuoteEvidence;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Any bytes end in a value that encodes to them again, or in a typed error. */
class ReleaseProperties {
    private static final Bytes IMAGE = new TestOvmf().size(2 * 4096).image();
    private static final Bytes MANIFEST = Releases.manifest().encode();
    private static final Bytes SEEN = new Seen(
                    3,
                    Optional.of(
                            new RevocationList(4, Releases.set(Bytes.zeros(32)), new TreeSet<>(Set.of("1.3.0")), 2)))
            .encode();
    private static final Bytes AUTH =
            IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY).encode();
    private static final Bytes SIGNATURES =
            Releases.sign(SignedKind.RELEASE, MANIFEST, Releases.SECRETS.get(0), Releases.SECRETS.get(1));

    /** The first of these bytes choose what is changed in a valid encoding, the whole is tried alone as well. */
    private static <T> void decodes(byte[] noise, Bytes valid, Function<Bytes, T> decoder, Function<T, Bytes> encoder) {
        tryOne(Bytes.of(noise), decoder, encoder);
        Random random = new Random(Bytes.of(noise).hashCode());
        byte[] changed = valid.toArray();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        tryOne(Bytes.wrap(changed), decoder, encoder);
        tryOne(valid.slice(0, random.nextInt(valid.length())), decoder, encoder);
    }

    private static <T> void tryOne(Bytes input, Function<Bytes, T> decoder, Function<T, Bytes> encoder) {
        try {
            assertThat(encoder.apply(decoder.apply(input))).isEqualTo(input);
        } catch (CodecException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @Property(tries = 2000)
    void firmwareImages(@ForAll @Size(max = 200) byte[] noise) {
        decodes(noise, IMAGE, Ovmf::parse, Ovmf::image);
        byte[] tail = IMAGE.toArray();
        Random random = new Random(Bytes.of(noise).hashCode());
        for (int i = 0; i < 4; i++) {
            boolean table = random.nextBoolean();
            int at = table ? tail.length - 32 - 130 + random.nextInt(130) : tail.length - 2048 + random.nextInt(90);
            tail[at] = (byte) random.nextInt(256);
        }
        tryOne(Bytes.wrap(tail), Ovmf::parse, Ovmf::image);
    }

    @Property(tries = 500)
    void idBlocks(@ForAll @Size(max = 200) byte[] noise) {
        decodes(noise, Releases.block().encode(), IdBlock::decode, IdBlock::encode);
    }

    @Property(tries = 500)
    void idAuthentication(@ForAll @Size(max = 200) byte[] noise) {
        decodes(noise, AUTH, IdAuth::decode, IdAuth::encode);
        decodes(noise, AUTH.slice(0x240, SnpPublicKey.SIZE), SnpPublicKey::decode, SnpPublicKey::encode);
        decodes(noise, AUTH.slice(0x40, SnpSignature.SIZE), SnpSignature::decode, SnpSignature::encode);
    }

    @Property(tries = 1000)
    void manifests(@ForAll @Size(max = 200) byte[] noise) {
        decodes(noise, MANIFEST, ReleaseManifest::decode, ReleaseManifest::encode);
    }

    @Property(tries = 500)
    void revocationLists(@ForAll @Size(max = 200) byte[] noise) {
        RevocationList list = new RevocationList(
                3, Releases.set(Releases.STRANGER.publicKey().id()), new TreeSet<>(Set.of("1.0.0")), 4);
        decodes(noise, list.encode(), RevocationList::decode, RevocationList::encode);
    }

    /** These two may be written in more than one way, so only the error is judged. */
    @Property(tries = 500)
    void signaturesAndMaintainers(@ForAll @Size(max = 200) byte[] noise) {
        Bytes[] last = new Bytes[1];
        decodes(noise, SIGNATURES, input -> read(last, input, ReleaseSignatures.decode(input)), same -> last[0]);
        decodes(
                noise,
                Releases.TWO_OF_THREE.encode(),
                input -> read(last, input, Maintainers.decode(input)),
                same -> last[0]);
    }

    private static <T> T read(Bytes[] last, Bytes input, T value) {
        last[0] = input;
        return value;
    }

    @Property(tries = 300)
    void verdictsOverAnything(@ForAll @Size(max = 300) byte[] noise) {
        Bytes bytes = Bytes.of(noise);

        assertThat(ReleaseVerifier.verify(ReleaseRequest.of(bytes, SIGNATURES, Releases.TWO_OF_THREE))
                        .verdict()
                        .accepted())
                .isFalse();
        assertThat(ReleaseVerifier.verify(ReleaseRequest.of(MANIFEST, bytes, Releases.TWO_OF_THREE))
                        .verdict()
                        .accepted())
                .isFalse();
        assertThat(ReleaseVerifier.verify(ReleaseRequest.of(MANIFEST, SIGNATURES, Releases.TWO_OF_THREE)
                                .withRevocations(bytes, bytes))
                        .verdict()
                        .accepted())
                .isFalse();
        assertThat(IdBlockVerifier.verify(bytes, bytes, Releases.manifest()).accepted())
                .isFalse();
    }

    /** What is shown is no document, so only the error is judged. */
    @Property(tries = 500)
    void documentsForPeople(@ForAll @Size(max = 200) byte[] noise) {
        Bytes[] last = new Bytes[1];
        for (Bytes valid : List.of(MANIFEST, SIGNATURES, AUTH, SEEN)) {
            decodes(noise, valid, input -> read(last, input, ReleaseTool.show(input)), same -> last[0]);
        }
    }

    @Property(tries = 300)
    void guestsOfAnything(@ForAll @Size(max = 300) byte[] noise) {
        Bytes bytes = Bytes.of(noise);
        Collateral collateral = new Collateral(bytes, bytes, bytes);
        QuoteEvidence quote = new QuoteEvidence(bytes, bytes, PcrValues.NONE, bytes);
        EvidenceVerifier verifier = new EvidenceVerifier();
        Examination report = verifier.examine(
                new SnpEvidence(bytes, collateral.with(bytes)), Demanded.NOTHING, Set.of(), Instant.EPOCH);
        Examination quoted = verifier.examine(
                new AzureEvidence(bytes, collateral, quote), Demanded.NOTHING, Set.of(), Instant.EPOCH);

        for (Examination guest : List.of(report, quoted)) {
            assertThat(GuestVerifier.verify(Optional.of(Releases.manifest()), Optional.of(bytes), guest)
                            .accepted())
                    .isFalse();
        }
    }
}
