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
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
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
     * Reads a private key as {@code openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -outform DER} makes
     * it.
     *
     * @param pkcs8 PrivateKeyInfo in DER
     * @throws CodecException BAD_TEXT when this is no EC key in that encoding, UNKNOWN for another curve, OUT_OF_RANGE
     *     for a scalar that is zero or not below the group's order
     */
    public static LaunchKey ofPkcs8(SecretBytes pkcs8) {
        if (pkcs8.length() > MAX_ENCODED) {
            throw new CodecException(Reason.TOO_LONG, "a private key of " + pkcs8.length() + " bytes");
        }
        return new LaunchKey(pkcs8.use(LaunchKey::scalar));
    }

    private static BigInteger scalar(byte[] pkcs8) {
        BigInteger scalar;
        try {
            PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (!(key instanceof ECPrivateKey secret)
                    || !secret.getParams().getOrder().equals(P384.getN())) {
                throw new CodecException(Reason.UNKNOWN, "not a private key on P-384");
            }
            scalar = secret.getS();
        } catch (GeneralSecurityException e) {
            throw new CodecException(Reason.BAD_TEXT, "not an EC private key in PKCS #8");
        }
        if (scalar.signum() <= 0 || scalar.compareTo(P384.getN()) >= 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a private key that is not within the group's order");
        }
        return scalar;
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
