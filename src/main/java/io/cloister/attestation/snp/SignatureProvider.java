package io.cloister.attestation.snp;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import io.cloister.attestation.snp.ProviderChoice.Trial;
import io.cloister.codec.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * The library that checks signatures: Amazon's Corretto provider where its native code runs, else BouncyCastle, or the
 * one of them that is measured to be faster. The JDK's own P-384 is about ten times slower and is never used. A provider
 * serves only after it has accepted a known P-384 signature and refused a changed one. Neither is installed for the rest
 * of the process.
 */
public final class SignatureProvider {
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, PSSParameterSpec.TRAILER_FIELD_BC);

    /** Everything in front of the 96 bytes of a point: P-384, uncompressed. */
    private static final Bytes P384_KEY_PREFIX = Bytes.hex("3076301006072a8648ce3d020106052b8104002203620004");

    private static final int P384_KEY_SIZE = 120;
    private static final int RSA_BITS = 4096;

    private static final class Choice {
        static final List<SignatureProvider> SOUND = findSound();
    }

    private final String name;
    private final Provider provider;

    private SignatureProvider(String name, Provider provider) {
        this.name = name;
        this.provider = provider;
    }

    /**
     * The provider that is preferred of those that pass their self-test.
     *
     * @throws IllegalStateException when none does
     */
    public static SignatureProvider best() {
        return available().getFirst();
    }

    /**
     * The provider that is the fastest here and now of those that pass their self-test, which takes a few milliseconds.
     *
     * @param nanoTime a monotonic clock in nanoseconds
     * @throws IllegalStateException when none passes
     */
    public static SignatureProvider fastest(LongSupplier nanoTime) {
        List<Trial<SignatureProvider>> trials = available().stream()
                .map(provider -> ProviderChoice.trial(provider, provider::passesKnownAnswer, nanoTime))
                .toList();
        return ProviderChoice.order(trials).stream().findFirst().orElseThrow(SignatureProvider::none);
    }

    /** All providers that pass their self-test, the preferred one first. */
    public static List<SignatureProvider> available() {
        if (Choice.SOUND.isEmpty()) {
            throw none();
        }
        return Choice.SOUND;
    }

    private static IllegalStateException none() {
        return new IllegalStateException("no provider verifies P-384 signatures correctly");
    }

    /** {@code accp} or {@code bc}. */
    public String name() {
        return name;
    }

    private static List<SignatureProvider> findSound() {
        List<SignatureProvider> sound = new ArrayList<>();
        AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        if (corretto.getLoadingError() == null && corretto.runSelfTests() == SelfTestStatus.PASSED) {
            sound.add(new SignatureProvider("accp", corretto));
        }
        sound.add(new SignatureProvider("bc", new BouncyCastleProvider()));
        return sound.stream().filter(SignatureProvider::passesKnownAnswer).toList();
    }

    /** A signature over "cloister" with a throw-away key; the answer for a changed message must differ. */
    private boolean passesKnownAnswer() {
        Bytes key = Bytes.concat(P384_KEY_PREFIX, Bytes.hex(KnownAnswer.POINT));
        Bytes r = Bytes.hex(KnownAnswer.R);
        Bytes s = Bytes.hex(KnownAnswer.S);
        return verifyP384(key, Bytes.utf8("cloister"), r, s) && !verifyP384(key, Bytes.utf8("cloisteR"), r, s);
    }

    /**
     * Checks ECDSA with SHA-384; false for a key that is not on P-384 as well.
     *
     * @param keyInfo SubjectPublicKeyInfo in DER
     * @param r 48 bytes big endian
     * @param s 48 bytes big endian
     */
    public boolean verifyP384(Bytes keyInfo, Bytes message, Bytes r, Bytes s) {
        return p384Key(keyInfo).filter(key -> verifyP384(key, message, r, s)).isPresent();
    }

    /** The same with a key of {@link #p384Key} of this provider. */
    boolean verifyP384(PublicKey key, Bytes message, Bytes r, Bytes s) {
        try {
            Signature verifier = Signature.getInstance("SHA384withECDSA", provider);
            verifier.initVerify(key);
            verifier.update(message.toArray());
            return verifier.verify(derSequence(derInteger(r), derInteger(s)).toArray());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** A key that is ready for use, by any number of threads; empty for one that is not a point of P-384. */
    Optional<PublicKey> p384Key(Bytes keyInfo) {
        if (!isP384(keyInfo)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    KeyFactory.getInstance("EC", provider).generatePublic(new X509EncodedKeySpec(keyInfo.toArray())));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Checks RSASSA-PSS with SHA-384 as AMD uses it; false for a key that is not RSA of 4096 bits as well. */
    boolean verifyPss(Bytes keyInfo, Bytes message, Bytes signature) {
        try {
            PublicKey key =
                    KeyFactory.getInstance("RSA", provider).generatePublic(new X509EncodedKeySpec(keyInfo.toArray()));
            if (!(key instanceof RSAPublicKey rsa) || rsa.getModulus().bitLength() != RSA_BITS) {
                return false;
            }
            Signature verifier = Signature.getInstance("RSASSA-PSS", provider);
            verifier.setParameter(PSS);
            verifier.initVerify(key);
            verifier.update(message.toArray());
            return verifier.verify(signature.toArray());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    static boolean isP384(Bytes keyInfo) {
        return keyInfo.length() == P384_KEY_SIZE && keyInfo.startsWith(P384_KEY_PREFIX);
    }

    /** An unsigned number of at most 48 bytes as DER INTEGER. */
    private static Bytes derInteger(Bytes number) {
        int from = 0;
        while (from < number.length() - 1 && number.at(from) == 0) {
            from++;
        }
        Bytes shortest = number.slice(from, number.length() - from);
        Bytes content = shortest.at(0) < 0 ? Bytes.concat(Bytes.zeros(1), shortest) : shortest;
        return Bytes.concat(Bytes.of((byte) 0x02, (byte) content.length()), content);
    }

    private static Bytes derSequence(Bytes first, Bytes second) {
        Bytes content = Bytes.concat(first, second);
        return Bytes.concat(Bytes.of((byte) 0x30, (byte) content.length()), content);
    }

    private static final class KnownAnswer {
        static final String POINT = "be76d07cb7375b71610ff38038c4b63a13d54708ab90e55047096b4b1c58d8d9"
                + "791f98ff25382aafa399506828a7e1edb25b73c510579e9f437d1c1e3eae6a28"
                + "fe1ab541e9d068f1aa9aa7107fb71d471d3c1a07e9e02c4760f95511a8fb7e5d";
        static final String R =
                "cfe69c20276f6cc983c7f72ab1691014fa16ae7e7fecf4fef971167f7c46611171379dead5b408bced47fff9edae5dda";
        static final String S =
                "855cafcc23c0280bdc27055db2c2465981590bdc6f79b6a41aee99f9bbd42cf31eeb66a4833b11b6144252ae922030d0";
    }
}
