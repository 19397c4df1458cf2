package io.cloister.consensus;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;

/**
 * A decided block without its transactions.
 *
 * @param keys the keys of the certificate's epoch when that is later than the header's, else empty
 */
public record CertifiedHeader(Header header, Certificate certificate, List<KeyClaim> keys) {
    public CertifiedHeader {
        keys = List.copyOf(keys);
        Limits.require(keys.size() <= Limits.VALIDATORS, keys.size() + " key claims");
    }

    public void encode(Writer writer) {
        header.encode(writer);
        certificate.encode(writer);
        writer.list(keys, (w, it) -> it.encode(w));
    }

    public static CertifiedHeader decode(Reader reader) {
        return new CertifiedHeader(
                Header.decode(reader), Certificate.decode(reader), reader.list(Limits.VALIDATORS, KeyClaim::decode));
    }
}
