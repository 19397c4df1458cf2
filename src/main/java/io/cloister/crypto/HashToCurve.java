package io.cloister.crypto;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * RFC 9380, suite secp256k1_XMD:SHA-256_SSWU_RO_ (section 8.7): a public message to a point whose discrete logarithm
 * nobody knows. Variable time, so never over secrets.
 */
public final class HashToCurve {
    private static final BigInteger P =
            new BigInteger("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);
    private static final BigInteger ROOT_EXPONENT = P.add(BigInteger.ONE).shiftRight(2); // p = 3 mod 4
    private static final BigInteger Z = BigInteger.valueOf(-11).mod(P);
    private static final BigInteger A =
            new BigInteger("3f8731abdd661adca08a5558f0f5d272e953d363cb6f0e5d405447c01a444533", 16);
    private static final BigInteger B = BigInteger.valueOf(1771);
    private static final int FIELD_BYTES = 48; // L of the suite
    private static final int BLOCK = 64;
    private static final int DIGEST = 32;

    // The 3-isogeny to secp256k1, RFC 9380 appendix E.1; coefficients from the constant term upwards.
    private static final BigInteger[] X_NUMERATOR = {
        hex("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa8c7"),
        hex("07d3d4c80bc321d5b9f315cea7fd44c5d595d2fc0bf63b92dfff1044f17c6581"),
        hex("534c328d23f234e6e2a413deca25caece4506144037c40314ecbd0b53d9dd262"),
        hex("8e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38e38daaaaa88c")
    };
    private static final BigInteger[] X_DENOMINATOR = {
        hex("d35771193d94918a9ca34ccbb7b640dd86cd409542f8487d9fe6b745781eb49b"),
        hex("edadc6f64383dc1df7c4b2d51b54225406d36b641f5e41bbc52a56612a8c6d14"),
        BigInteger.ONE
    };
    private static final BigInteger[] Y_NUMERATOR = {
        hex("4bda12f684bda12f684bda12f684bda12f684bda12f684bda12f684b8e38e23c"),
        hex("c75e0c32d5cb7c0fa9d0a54b12a0a6d5647ab046d686da6fdffc90fc201d71a3"),
        hex("29a6194691f91a73715209ef6512e576722830a201be2018a765e85a9ecee931"),
        hex("2f684bda12f684bda12f684bda12f684bda12f684bda12f684bda12f38e38d84")
    };
    private static final BigInteger[] Y_DENOMINATOR = {
        hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffff93b"),
        hex("7a06534bb8bdb49fd5e9e6632722c2989467c1bfc8e8d978dfb425d2685c2573"),
        hex("6484aa716545ca2cf3a70c3fa8fe337e0a3d21162f0d6299a7bf8192bfd2a76f"),
        BigInteger.ONE
    };

    private HashToCurve() {}

    /**
     * Hashes a message to a point.
     *
     * @param domain the domain separation tag, ASCII, 1 to 255 characters
     */
    public static Point hash(String domain, Bytes message) {
        byte[] label = domain.getBytes(StandardCharsets.US_ASCII);
        if (label.length == 0 || label.length > 255) {
            throw new IllegalArgumentException("a domain of " + label.length + " characters");
        }
        Bytes uniform = expand(message, Bytes.wrap(label), 2 * FIELD_BYTES);
        Point first = map(field(uniform.slice(0, FIELD_BYTES)));
        Point second = map(field(uniform.slice(FIELD_BYTES, FIELD_BYTES)));
        return first.add(second); // the cofactor is 1
    }

    private static BigInteger field(Bytes uniform) {
        return new BigInteger(1, uniform.toArray()).mod(P);
    }

    // expand_message_xmd, section 5.3.1
    private static Bytes expand(Bytes message, Bytes domain, int length) {
        Bytes tag = Bytes.concat(domain, Bytes.of((byte) domain.length()));
        Bytes size = Bytes.of((byte) (length >>> 8), (byte) length);
        Bytes first = Hashes.sha256(Bytes.zeros(BLOCK), message, size, Bytes.zeros(1), tag);
        Bytes[] blocks = new Bytes[length / DIGEST];
        Bytes previous = Bytes.zeros(DIGEST);
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = Hashes.sha256(xor(first, previous), Bytes.of((byte) (i + 1)), tag);
            previous = blocks[i];
        }
        return Bytes.concat(blocks);
    }

    private static Bytes xor(Bytes a, Bytes b) {
        byte[] mixed = a.toArray();
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] ^= b.at(i);
        }
        return Bytes.wrap(mixed);
    }

    // map_to_curve_simple_swu, section 6.6.2, onto the isogenous curve, then the isogeny
    private static Point map(BigInteger u) {
        BigInteger t = mul(Z, square(u));
        BigInteger denominator = square(t).add(t).mod(P);
        BigInteger x = denominator.signum() == 0
                ? mul(B, mul(Z, A).modInverse(P))
                : mul(mul(B.negate(), A.modInverse(P)), BigInteger.ONE.add(denominator.modInverse(P)));
        BigInteger value = curve(x);
        BigInteger y = value.modPow(ROOT_EXPONENT, P);
        if (!square(y).equals(value)) {
            x = mul(t, x);
            value = curve(x);
            y = value.modPow(ROOT_EXPONENT, P);
        }
        if (u.testBit(0) != y.testBit(0)) {
            y = P.subtract(y);
        }
        return isogeny(x, y);
    }

    private static BigInteger curve(BigInteger x) {
        return mul(square(x).add(A), x).add(B).mod(P);
    }

    private static Point isogeny(BigInteger x, BigInteger y) {
        BigInteger below = mul(polynomial(X_DENOMINATOR, x), polynomial(Y_DENOMINATOR, x));
        if (below.signum() == 0) {
            return Point.INFINITY; // section 6.6.3: a pole maps to the identity
        }
        BigInteger inverse = below.modInverse(P);
        BigInteger mappedX = mul(polynomial(X_NUMERATOR, x), mul(inverse, polynomial(Y_DENOMINATOR, x)));
        BigInteger slope = mul(polynomial(Y_NUMERATOR, x), mul(inverse, polynomial(X_DENOMINATOR, x)));
        return Point.decodeUncompressed(Bytes.concat(Bytes.of((byte) 4), bytes(mappedX), bytes(mul(y, slope))));
    }

    private static BigInteger polynomial(BigInteger[] coefficients, BigInteger x) {
        BigInteger value = BigInteger.ZERO;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            value = mul(value, x).add(coefficients[i]).mod(P);
        }
        return value;
    }

    private static Bytes bytes(BigInteger value) {
        return new Writer().bigUint(value, 32).toBytes();
    }

    private static BigInteger mul(BigInteger a, BigInteger b) {
        return a.multiply(b).mod(P);
    }

    private static BigInteger square(BigInteger a) {
        return mul(a, a);
    }

    private static BigInteger hex(String digits) {
        return new BigInteger(digits, 16);
    }
}
