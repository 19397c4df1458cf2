package io.cloister.evm.precompile;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/** P256VERIFY (EIP-7951): digest, r, s, x, y of 32 bytes each to 1, or to nothing. */
final class P256Verify implements Precompile {
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256r1");
    private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);
    private static final byte[] NO = {};

    @Override
    public long gas(byte[] input) {
        return 6_900;
    }

    @Override
    public Optional<byte[]> run(byte[] input) {
        if (input.length != 160 || !verifies(input)) {
            return Optional.of(NO.clone());
        }
        byte[] yes = new byte[32];
        yes[31] = 1;
        return Optional.of(yes);
    }

    private static boolean verifies(byte[] input) {
        BigInteger r = number(input, 32);
        BigInteger s = number(input, 64);
        try {
            ECDSASigner verifier = new ECDSASigner();
            verifier.init(
                    false,
                    new ECPublicKeyParameters(
                            CURVE.getCurve().validatePoint(number(input, 96), number(input, 128)), DOMAIN));
            return verifier.verifySignature(Arrays.copyOf(input, 32), r, s); // refuses r and s outside the order
        } catch (IllegalArgumentException e) { // no point of the curve
            return false;
        }
    }

    private static BigInteger number(byte[] input, int at) {
        return new BigInteger(1, Arrays.copyOfRange(input, at, at + 32));
    }
}
