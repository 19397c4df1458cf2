package io.cloister.attestation.kds;

import io.cloister.attestation.Golden;
import io.cloister.attestation.fuzz.FuzzTarget;
import io.cloister.attestation.fuzz.FuzzTarget.Format;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.codec.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What reads answers of servers and archives of collateral. */
public final class CollateralFuzzTargets {
    private CollateralFuzzTargets() {}

    public static List<FuzzTarget> all() {
        return List.of(
                FuzzTarget.of("chain in PEM", Format.BINARY, CollateralFuzzTargets::pem, chain()),
                FuzzTarget.of("archive of collateral", Format.BINARY, CollateralFuzzTargets::archive, stored()));
    }

    private static Bytes chain() {
        return Bytes.utf8(pem("genoa_ask") + pem("genoa_ark"));
    }

    private static String pem(String certificate) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(Golden.certificate(certificate).toArray())
                + "\n-----END CERTIFICATE-----\n";
    }

    private static String pem(Bytes input) {
        try {
            AmdKds.issuers(Pem.certificates(input.toArray(), 2));
            return FuzzTarget.READ;
        } catch (MissException e) {
            return "miss";
        }
    }

    private static Bytes stored() {
        Map<StoreEntry, Bytes> files = StoreArchive.sorted();
        files.put(new StoreEntry.Root(ProductLine.GENOA), Golden.certificate("genoa_ark"));
        files.put(new StoreEntry.Root(ProductLine.TURIN), Golden.certificate("turin_ark"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            StoreArchive.write(files, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Bytes.wrap(out.toByteArray());
    }

    private static String archive(Bytes input) {
        try {
            StoreArchive.read(new ByteArrayInputStream(input.toArray()));
            return FuzzTarget.READ;
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
