package io.cloister.attestation.release;

import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The JSON form of release manifests. Digests are lower-case hexadecimal, lists ascend. */
final class ManifestJson {
    private static final String FORMAT = "cloister/release/v1";
    private static final String WHAT = "release manifest";
    private static final Pattern REGISTER = Pattern.compile("0|[1-9]\\d?");

    private ManifestJson() {}

    /** A manifest as it is written. */
    record Document(
            String format,
            String version,
            String commit,
            String warDigest,
            Map<String, String> images,
            Map<String, String> launchDigests,
            List<String> authorKeys,
            List<String> idKeys,
            Map<String, BootDocument> boot,
            SortedMap<ProductLine, Tcb> minimumTcb,
            long securityVersion,
            String policyDigest) {}

    record BootDocument(List<String> idKeys, List<String> measurements, Map<String, String> pcrs) {}

    static ReleaseManifest read(Bytes json) {
        Document document = Documents.read(json, ReleaseManifest.MAX_SIZE, Document.class, WHAT);
        Documents.requireFormat(document.format(), FORMAT);
        document.minimumTcb().values().forEach(tcb -> Documents.present(tcb, WHAT));
        return new ReleaseManifest(
                document.version(),
                Bytes.hex(document.commit()),
                Bytes.hex(document.warDigest()),
                mapped(document.images(), Bytes::hex),
                mapped(document.launchDigests(), Bytes::hex),
                digests(document.authorKeys()),
                digests(document.idKeys()),
                mapped(document.boot(), ManifestJson::profile),
                document.minimumTcb(),
                document.securityVersion(),
                Bytes.hex(document.policyDigest()));
    }

    private static BootProfile profile(BootDocument document) {
        TreeMap<Integer, Bytes> pcrs = new TreeMap<>();
        document.pcrs().forEach((register, value) -> {
            if (!REGISTER.matcher(register).matches()) {
                throw new CodecException(Reason.BAD_TEXT, "not the number of a PCR");
            }
            pcrs.put(Integer.valueOf(register), Bytes.hex(Documents.present(value, WHAT)));
        });
        return new BootProfile(digests(document.idKeys()), digests(document.measurements()), pcrs);
    }

    private static TreeSet<Bytes> digests(List<String> list) {
        return Documents.set(list, text -> Bytes.hex(Documents.present(text, WHAT)));
    }

    private static <S, T> TreeMap<String, T> mapped(Map<String, S> map, Function<S, T> each) {
        TreeMap<String, T> values = new TreeMap<>();
        map.forEach((name, value) -> values.put(name, each.apply(Documents.present(value, WHAT))));
        return values;
    }

    static Document document(ReleaseManifest manifest) {
        return new Document(
                FORMAT,
                manifest.version(),
                manifest.commit().toHex(),
                manifest.warDigest().toHex(),
                mapped(manifest.images(), Bytes::toHex),
                mapped(manifest.launchDigests(), Bytes::toHex),
                Documents.hex(manifest.authorKeys()),
                Documents.hex(manifest.idKeys()),
                mapped(manifest.boot(), ManifestJson::document),
                manifest.minimumTcb(),
                manifest.securityVersion(),
                manifest.policyDigest().toHex());
    }

    private static BootDocument document(BootProfile profile) {
        SortedMap<String, String> pcrs = new TreeMap<>();
        profile.pcrs().forEach((register, value) -> pcrs.put(register.toString(), value.toHex()));
        return new BootDocument(Documents.hex(profile.idKeys()), Documents.hex(profile.measurements()), pcrs);
    }
}
