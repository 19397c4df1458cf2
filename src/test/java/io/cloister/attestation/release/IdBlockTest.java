package io.cloister.attestation.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.attestation.Vectors;
import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdBlockTest {
    private static final IdAuth AUTH = IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY);

    private static Bytes base64(String text) {
        return Bytes.wrap(Base64.getDecoder().decode(text));
    }

    private static Bytes changed(Bytes original, int at, int value) {
        byte[] bytes = original.toArray();
        bytes[at] = (byte) value;
        return Bytes.wrap(bytes);
    }

    private static Reason reason(Runnable decoding) {
        try {
            decoding.run();
        } catch (CodecException e) {
            return e.reason();
        }
        throw new AssertionError("was read");
    }

    @Test
    void encodesTheBlockThatAnotherToolMakes() {
        Bytes digest = Bytes.hex("a14d638341e5674628fe1e02fbedebe5e5ab4faf1dd72d8966068e615bb99efd"
                + "13d214b35c231715b38e263dc6059745");
        IdBlock block = new IdBlock(digest, Bytes.zeros(16), Bytes.zeros(16), 0, new GuestPolicy(0x30000));

        assertThat(block.encode())
                .isEqualTo(base64("oU1jg0HlZ0Yo/h4C++3r5eWrT68d1y2JZgaOYVu5nv0T0hSzXCMXFbOOJj3GBZdFAAAAAAAAAAAAAAAA"
                        + "AAAAAAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAwAAAAAA"));
        assertThat(IdBlock.decode(block.encode())).isEqualTo(block);
    }

    @Test
    void readsAndWritesAuthenticationOfAnotherTool() {
        Bytes encoded = Vectors.read("misc/sev_test_auth_block.bin");
        IdAuth auth = IdAuth.decode(encoded);

        assertThat(auth.encode()).isEqualTo(encoded);
        assertThat(auth.blockSignature()).isEqualTo(SnpSignature.decode(Vectors.read("misc/sev_test_id_sig.bin")));
        assertThat(auth.author().orElseThrow().keySignature())
                .isEqualTo(SnpSignature.decode(Vectors.read("misc/sev_test_auth_sig.bin")));
        assertThat(auth.idKey().digest())
                .isEqualTo(base64("WfssaG36T+9J84M5qndckAUcKNVzg93DuvO160sUlt87DbvcuuX+J2d6ZEggdz/i"));
        assertThat(auth.author().orElseThrow().key().digest())
                .isEqualTo(base64("7tgRafsMteDsNHlPEo/U4MSkb2fGWhrfqB/LJLzAiMJyNpt//D6ytq9qQoShs2xf"));
        assertThat(auth.authorSigns()).isTrue();
    }

    @Test
    void signsTheSameLaunchWithTheSameBytes() {
        Bytes again = IdAuth.sign(Releases.block(), Releases.ID_KEY, Releases.AUTHOR_KEY)
                .encode();

        assertThat(again).isEqualTo(AUTH.encode());
        assertThat(Hashes.sha256(AUTH.encode()).toHex())
                .isEqualTo("eca24c55698d176d63d81171532fca33c3e9737c30b279a6f48e35433b6d4b1c");
        assertThat(Hashes.sha256(Releases.block().encode()).toHex())
                .isEqualTo("97cb4422723253b94518dd51b5346bf982e06777b1587a94433b5faf9011ab84");
    }

    @Test
    void whatIsSignedVerifiesAndReadsBack() {
        IdAuth read = IdAuth.decode(AUTH.encode());

        assertThat(read).isEqualTo(AUTH);
        assertThat(read.signs(Releases.block())).isTrue();
        assertThat(read.authorSigns()).isTrue();
    }

    @Test
    void authorMayBeAbsent() {
        IdAuth alone = IdAuth.sign(Releases.block(), Releases.ID_KEY);
        IdAuth read = IdAuth.decode(alone.encode());

        assertThat(read).isEqualTo(alone);
        assertThat(read.signs(Releases.block())).isTrue();
        assertThat(read.authorSigns()).isFalse();
    }

    @Test
    void refusesTheRestOfAnAuthorWhereThereIsNone() {
        Bytes encoded = changed(AUTH.encode(), 4, 0);

        assertThat(reason(() -> IdAuth.decode(encoded))).isEqualTo(Reason.NOT_CANONICAL);
    }

    @Test
    void signatureCoversEveryByteOfTheBlock() {
        Bytes encoded = Releases.block().encode();
        for (int at = 0; at < encoded.length(); at++) {
            Bytes other = changed(encoded, at, encoded.at(at) ^ 0x10);
            try {
                assertThat(AUTH.signs(IdBlock.decode(other))).as("byte %d", at).isFalse();
            } catch (CodecException e) {
                assertThat(e.reason()).isIn(Reason.UNKNOWN, Reason.NOT_CANONICAL);
            }
        }
    }

    /** Algorithms, then the reserved bytes in and around keys and signatures. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x04, 0x08, 0x3f, 0x70, 0x87, 0xb8, 0xcf, 0xd0, 0x23f, 0x240, 0x274, 0x28b, 0x2bc, 0x2d3, 0x2d4,
                0x643, 0x644, 0x67f, 0x6b0, 0x6c7, 0x6f8, 0x710, 0x87f, 0x880, 0x8b4, 0x8fc, 0xc83, 0xc84, 0xfff
            })
    void refusesOtherCodesAndReservedBytes(int at) {
        Bytes encoded = changed(AUTH.encode(), at, 0x40);

        assertThat(reason(() -> IdAuth.decode(encoded))).isIn(Reason.UNKNOWN, Reason.NOT_CANONICAL);
    }

    @Test
    void refusesNumbersThatNoSignatureHas() {
        Bytes order = Bytes.hex("ffffffffffffffffffffffffffffffffffffffffffffffff"
                + "c7634d81f4372ddf581a0db248b0a77aecec196accc52973");
        Bytes one = Bytes.hex("01").padLeft(48);

        assertThat(reason(() -> new SnpSignature(order, one))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> new SnpSignature(one, order))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> new SnpSignature(Bytes.zeros(48), one))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> new SnpSignature(one, Bytes.zeros(48)))).isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void refusesPointsThatAreNotOnTheCurve() {
        Bytes key = Releases.ID_KEY.publicKey().encode();

        assertThat(reason(() -> SnpPublicKey.decode(changed(key, 4, key.at(4) ^ 1))))
                .isEqualTo(Reason.OUT_OF_RANGE);
        byte[] infinity = new byte[SnpPublicKey.SIZE];
        infinity[0] = 2;
        assertThat(reason(() -> SnpPublicKey.decode(Bytes.wrap(infinity)))).isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void refusesCoordinatesThatAreNotReduced() {
        Bytes field =
                Bytes.hex("fffffffffffffffffffffffffffffffffffffffffffffffe" + "ffffffff0000000000000000ffffffff");
        byte[] key = Releases.ID_KEY.publicKey().encode().toArray();
        field.padLeft(48).reversed().copyTo(0, key, 4, 48);

        assertThat(reason(() -> SnpPublicKey.decode(Bytes.wrap(key)))).isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void refusesOtherLengthsAndVersions() {
        assertThat(reason(() -> IdBlock.decode(Bytes.zeros(95)))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> IdAuth.decode(Bytes.zeros(4095)))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> SnpPublicKey.decode(Bytes.zeros(1027)))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> SnpSignature.decode(Bytes.zeros(511)))).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> IdBlock.decode(changed(Releases.block().encode(), 0x50, 2))))
                .isEqualTo(Reason.UNKNOWN);
        assertThat(reason(() -> new IdBlock(
                        Releases.LAUNCH, Bytes.zeros(16), Bytes.zeros(16), 1L << 32, Releases.GUEST_POLICY)))
                .isEqualTo(Reason.OUT_OF_RANGE);
    }

    @Test
    void readsOnlyPrivateKeysOnP384() {
        Bytes order = Bytes.hex("ffffffffffffffffffffffffffffffffffffffffffffffff"
                + "c7634d81f4372ddf581a0db248b0a77aecec196accc52973");

        assertThat(reason(() -> LaunchKey.ofDer(Releases.secret(Releases.pkcs8(Bytes.zeros(48))))))
                .isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> LaunchKey.ofDer(Releases.secret(Releases.pkcs8(order)))))
                .isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(reason(() -> LaunchKey.ofDer(Releases.secret(Bytes.hex("3003020100")))))
                .isEqualTo(Reason.BAD_TEXT);
        Bytes ed25519 = Bytes.concat(Bytes.hex("302e020100300506032b657004220420"), Bytes.zeros(32));
        assertThat(reason(() -> LaunchKey.ofDer(Releases.secret(ed25519)))).isEqualTo(Reason.BAD_TEXT);
        Bytes p256 = Bytes.concat(
                Bytes.hex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420"),
                Bytes.hex("01").padLeft(32));
        assertThat(reason(() -> LaunchKey.ofDer(Releases.secret(p256)))).isEqualTo(Reason.UNKNOWN);
        assertThat(reason(() -> LaunchKey.ofDer(Releases.secret(Bytes.zeros(5000)))))
                .isEqualTo(Reason.TOO_LONG);
    }

    /** ECPrivateKey of the ID key: version 1, number, secp384r1. */
    private static Bytes bareKey(String curve) {
        Bytes parameters = Bytes.hex(curve);
        Bytes body = Bytes.concat(
                Bytes.hex("0201010430"),
                Releases.launchPkcs8(1).slice(32, 48),
                Bytes.of((byte) 0xa0, (byte) (parameters.length() + 2), (byte) 6, (byte) parameters.length()),
                parameters);
        return Bytes.concat(Bytes.of((byte) 0x30, (byte) body.length()), body);
    }

    @Test
    void readsKeysAsOpensslWritesThemInDer() {
        assertThat(LaunchKey.ofDer(Releases.secret(bareKey("2b81040022"))).publicKey())
                .isEqualTo(Releases.ID_KEY.publicKey());
        assertThat(reason(() -> LaunchKey.ofDer(Releases.secret(bareKey("2b81040023")))))
                .isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void aGarbledKeyIsAKeyOrATypedError() {
        for (Bytes key : List.of(bareKey("2b81040022"), Releases.launchPkcs8(1))) {
            for (int at = 0; at < key.length(); at++) {
                for (int value : new int[] {0, 1, 0x30, 0x7f, 0x80, 0xff}) {
                    byte[] garbled = key.toArray();
                    garbled[at] = (byte) value;
                    readsOrRefuses(Bytes.wrap(garbled));
                }
                readsOrRefuses(key.slice(0, at));
            }
        }
    }

    private static void readsOrRefuses(Bytes key) {
        try {
            assertThat(LaunchKey.ofDer(Releases.secret(key)).publicKey()).isNotNull();
        } catch (CodecException refused) {
            assertThat(refused.reason()).isNotNull();
        }
    }

    @Test
    void showsNothingOfASecret() {
        assertThat(Releases.ID_KEY)
                .hasToString("LaunchKey " + Releases.ID_KEY.publicKey().digest().toHex());
        assertThat(Optional.of(Releases.SECRETS.getFirst())
                        .map(Object::toString)
                        .orElseThrow())
                .isEqualTo("MaintainerSecret "
                        + Releases.SECRETS.getFirst().publicKey().id().toHex());
        assertThatThrownBy(() -> MaintainerSecret.ofPkcs8(Releases.secret(Bytes.zeros(48))))
                .isInstanceOf(CodecException.class);
    }
}
