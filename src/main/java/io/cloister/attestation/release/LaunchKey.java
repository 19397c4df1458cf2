package io.cloister.attestation.release;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.SecretBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * The secret half of a P-384 key that signs launches: an ID key or the author key over ID keys. Signatures are
 * deterministic (RFC 6979 with SHA-384), so the same release has the same ID authentication information. The library
 * keeps the scalar as a number on the heap while this object lives: use it in a tool that ends, never in a node.
 */
public final class LaunchKey {
    private static final int MAX_ENCODED = 4096;
    private static final ECNamedDomainParameters P384 =
            new ECNamedDomainParameters(SECObjectIdentifiers.secp384r1, CustomNamedCurves.getByName("P-384"));

    private final ECPrivateKeyParameters secret;
    private final SnpPublicKey publicKey;

    private LaunchKey(BigInteger scalar) {
        this.secret = new ECPrivateKeyParameters(scalar, P384);
        ECPoint point =
                new FixedPointCombMultiplier().multiply(P384.getG(), scalar).normalize();
        this.publicKey = SnpPublicKey.of(
                Bytes.wrap(point.getAffineXCoord().getEncoded()),
                Bytes.wrap(point.getAffineYCoord().getEncoded()));
    }

    /**
     * Reads a private key as {@code openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384} makes it: PKCS #8, or
     * the bare ECPrivateKey (RFC 5915) that OpenSSL 3.0 writes with {@code -outform DER}.
     *
     * @throws CodecException BAD_TEXT when this is no EC key in these encodings, UNKNOWN for another curve, OUT_OF_RANGE
     *     for a scalar that is zero or not below the group's order
     */
    public static LaunchKey ofDer(SecretBytes der) {
        if (der.length() > MAX_ENCODED) {
            throw new CodecException(Reason.TOO_LONG, "a private key of " + der.length() + " bytes");
        }
        return new LaunchKey(der.use(LaunchKey::scalar));
    }

    private static BigInteger scalar(byte[] der) {
        BigInteger scalar;
        try {
            ASN1Sequence key = ASN1Sequence.getInstance(der);
            scalar = isBareKey(key) ? ofBareKey(ECPrivateKey.getInstance(key)) : ofInfo(der);
        } catch (GeneralSecurityException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw new CodecException(Reason.BAD_TEXT, "not an EC private key in PKCS #8");
        }
        if (scalar.signum() <= 0 || scalar.compareTo(P384.getN()) >= 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a private key that is not within the group's order");
        }
        return scalar;
    }

    /** In RFC 5915 the number itself stands second, in PKCS #8 an algorithm. */
    private static boolean isBareKey(ASN1Sequence key) {
        return key.size() > 1 && key.getObjectAt(1) instanceof ASN1OctetString;
    }

    private static BigInteger ofInfo(byte[] pkcs8) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        if (!(key instanceof java.security.interfaces.ECPrivateKey secret)
                || !secret.getParams().getOrder().equals(P384.getN())) {
            throw new CodecException(Reason.UNKNOWN, "not a private key on P-384");
        }
        return secret.getS();
    }

    private static BigInteger ofBareKey(ECPrivateKey key) {
        if (!SECObjectIdentifiers.secp384r1.equals(key.getParametersObject())) {
            throw new CodecException(Reason.UNKNOWN, "not a private key on P-384");
        }
        return key.getKey();
    }

    public SnpPublicKey publicKey() {
        return publicKey;
    }

    SnpSignature sign(Bytes message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
        signer.init(true, secret);
        BigInteger[] rs = signer.generateSignature(Hashes.sha384(message).toArray());
        return SnpSignature.of(rs[0], rs[1]);
    }

    /** The public key's digest; nothing of the secret. */
    @Override
    public String toString() {
        return "LaunchKey " + publicKey;
    }
}
