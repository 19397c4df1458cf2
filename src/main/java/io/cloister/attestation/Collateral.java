package io.cloister.attestation;

import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What stands behind a report, DER. It proves nothing by itself: the verifier pins the root's key.
 *
 * @param vek VCEK or VLEK
 * @param intermediate ASK or ASVK
 * @param root ARK
 * @param revocations the root's revocation list, where there is one at hand
 */
public record Collateral(Bytes vek, Bytes intermediate, Bytes root, Optional<Bytes> revocations) {
    /** Bytes of a revocation list that travels with evidence, at most; AMD's lists are far below. */
    public static final int MAX_REVOCATIONS = 16 * 1024;

    public Collateral {
        for (Bytes certificate : new Bytes[] {vek, intermediate, root}) {
            if (certificate.length() > SnpCertificate.MAX_SIZE) {
                throw new CodecException(Reason.TOO_LONG, "a certificate of " + certificate.length() + " bytes");
            }
        }
        if (revocations.filter(list -> list.length() > MAX_REVOCATIONS).isPresent()) {
            throw new CodecException(Reason.TOO_LONG, "a revocation list of more than " + MAX_REVOCATIONS + " bytes");
        }
    }

    /** The three certificates without a revocation list. */
    public Collateral(Bytes vek, Bytes intermediate, Bytes root) {
        this(vek, intermediate, root, Optional.empty());
    }

    /** The same certificates with this list. */
    public Collateral with(Bytes list) {
        return new Collateral(vek, intermediate, root, Optional.of(list));
    }

    /** {@code vek}, {@code intermediate}, {@code root} and, where there is one, {@code revocations}. */
    SortedMap<String, Bytes> byName() {
        TreeMap<String, Bytes> named = new TreeMap<>();
        named.put("vek", vek);
        named.put("intermediate", intermediate);
        named.put("root", root);
        revocations.ifPresent(list -> named.put("revocations", list));
        return named;
    }

    public void encode(Writer writer) {
        writer.bytes(vek).bytes(intermediate).bytes(root).optional(revocations, Writer::bytes);
    }

    public static Collateral decode(Reader reader) {
        return new Collateral(
                reader.bytes(SnpCertificate.MAX_SIZE),
                reader.bytes(SnpCertificate.MAX_SIZE),
                reader.bytes(SnpCertificate.MAX_SIZE),
                reader.optional(r -> r.bytes(MAX_REVOCATIONS)));
    }
}
