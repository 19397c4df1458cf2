package io.cloister.cli;

import io.cloister.attestation.Evidence;
import io.cloister.attestation.format.EvidenceFormat;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Evidence as it may have been kept: JSON, CBOR, the binary form, and that as hexadecimal. */
final class EvidenceFile {
    private static final List<Function<Bytes, Evidence>> FORMS =
            List.of(EvidenceFormat.JSON::read, EvidenceFormat.CBOR::read, Evidence::decode, EvidenceFile::hexadecimal);

    private EvidenceFile() {}

    static Optional<Evidence> read(Bytes content) {
        return FORMS.stream().flatMap(form -> attempt(form, content)).findFirst();
    }

    private static Evidence hexadecimal(Bytes text) {
        return Evidence.decode(Bytes.hex(new String(text.toArray(), StandardCharsets.ISO_8859_1).strip()));
    }

    private static Stream<Evidence> attempt(Function<Bytes, Evidence> form, Bytes content) {
        try {
            return Stream.of(form.apply(content));
        } catch (CodecException e) {
            return Stream.empty();
        }
    }
}
