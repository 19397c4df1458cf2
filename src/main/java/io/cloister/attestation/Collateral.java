package io.cloister.attestation;

import io.cloister.attestation.snp.SnpCertificate;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;

/**
 * The certificates that stand behind a report, DER. They prove nothing by themselves: the verifier pins the root's key.
 *
 * @param vek VCEK or VLEK
 * @param intermediate ASK or ASVK
 * @param root ARK
 */
public record Collateral(Bytes vek, Bytes intermediate, Bytes root) {
    public Collateral {
        for (Bytes certificate : new Bytes[] {vek, intermediate, root}) {
            if (certificate.length() > SnpCertificate.MAX_SIZE) {
                throw new CodecException(Reason.TOO_LONG, "a certificate of " + certificate.length() + " bytes");
            }
        }
    }

    public void encode(Writer writer) {
        writer.bytes(vek).bytes(intermediate).bytes(root);
    }

    public static Collateral decode(Reader reader) {
        return new Collateral(
                reader.bytes(SnpCertificate.MAX_SIZE),
                reader.bytes(SnpCertificate.MAX_SIZE),
                reader.bytes(SnpCertificate.MAX_SIZE));
    }
}
