package io.cloister.mpc.sharing;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Additive derivation of gateway keys: BIP-32's CKDpub with byte strings as indices. Q = X + tweak*G, where the tweak
 * is the sum of each step's I_L and I = HMAC-SHA512(chain code, serP(K) || element). A path of 4-byte elements below
 * 2^31 is plain non-hardened BIP-32. All inputs are public; whoever knows one child's private key and the path knows
 * the root's, so child keys are never exported.
 */
public final class Derivation {
    public static final int MAX_ELEMENTS = 16;
    public static final int MAX_ELEMENT_LENGTH = 255;

    /** The constant chain code of every root key. */
    public static final Bytes CHAIN_CODE = Hashes.sha256(Bytes.utf8("cloister/mpc/chain-code/v1"));

    private static final BigInteger ORDER = Scalar.ONE.negate().toBigInteger().add(BigInteger.ONE);

    private Derivation() {}

    /** A derived node: its key, its chain code, and the sum of all steps' tweaks. */
    record Node(Point key, Bytes chainCode, Scalar tweak) {}

    /**
     * epsilon for a path; zero for the empty path, which is the root key.
     *
     * @throws CodecException when the path is not allowed (see {@link #requirePath})
     */
    public static Scalar tweak(Point root, List<Bytes> path) {
        return derive(root, CHAIN_CODE, path).tweak();
    }

    /** X + epsilon*G. */
    public static Point publicKey(Point root, List<Bytes> path) {
        return derive(root, CHAIN_CODE, path).key();
    }

    /**
     * Refuses too many elements, an empty or too long one, and a 4-byte one that BIP-32 would call hardened.
     *
     * @throws CodecException OUT_OF_RANGE
     */
    public static void requirePath(List<Bytes> path) {
        if (path.size() > MAX_ELEMENTS) {
            throw new CodecException(Reason.OUT_OF_RANGE, path.size() + " path elements");
        }
        for (Bytes element : path) {
            boolean hardened = element.length() == 4 && element.at(0) < 0;
            if (element.isEmpty() || element.length() > MAX_ELEMENT_LENGTH || hardened) {
                throw new CodecException(Reason.OUT_OF_RANGE, "path element " + element);
            }
        }
    }

    static Node derive(Point root, Bytes chainCode, List<Bytes> path) {
        requirePath(path);
        Node node = new Node(root, chainCode, Scalar.ZERO);
        for (Bytes element : path) {
            node = step(node, element);
        }
        return node;
    }

    private static Node step(Node parent, Bytes element) {
        Bytes mac = hmacSha512(parent.chainCode, Bytes.concat(parent.key.encode(), element));
        BigInteger left = new BigInteger(1, mac.slice(0, 32).toArray());
        // BIP-32: I_L >= q or an infinite child makes the index invalid; nobody can find such an element.
        if (left.compareTo(ORDER) >= 0) {
            throw new CodecException(Reason.OUT_OF_RANGE, "path element " + element + " has no key");
        }
        Scalar step = Scalar.of(left);
        Point child = parent.key.add(Point.base(step));
        if (child.isInfinity()) {
            throw new CodecException(Reason.OUT_OF_RANGE, "path element " + element + " has no key");
        }
        return new Node(child, mac.slice(32, 32), parent.tweak.add(step));
    }

    private static Bytes hmacSha512(Bytes key, Bytes data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(key.toArray(), "HmacSHA512"));
            return Bytes.wrap(mac.doFinal(data.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks HmacSHA512", e);
        }
    }
}
