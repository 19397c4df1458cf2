package io.cloister.attestation.platform;

import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.platform.Detection.Finding;
import io.cloister.attestation.tpm.AzureVtpm;
import io.cloister.attestation.tpm.GoogleVtpm;
import io.cloister.attestation.tpm.Tpm;
import io.cloister.attestation.tpm.TpmException;
import io.cloister.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds out on which platform a machine runs: a TPM with Azure's blob decides for Azure; else the guest device or
 * configfs-tsm must be there, and a TPM with Google's certificate on a machine that calls itself Google's makes it Google
 * Cloud. No report is asked for.
 */
public final class PlatformDetector {
    private static final String GOOGLE = "Google";
    private static final int MAX_TEXT = 256;

    private PlatformDetector() {}

    /** Looks at each place once; never throws for what is there or not. */
    public static Detection detect(PlatformPlaces places) {
        Finding vendor = vendor(places.dmi());
        Finding device = device(places.device());
        Finding tsm = tsm(places.tsm());
        Finding blob;
        Finding certificate;
        try (TpmConnection tpm = TpmConnection.to(places.tpm())) {
            blob = index(tpm, "Azure's report", AzureVtpm.BLOB);
            certificate = index(tpm, "Google's certificate", GoogleVtpm.CERTIFICATE);
        }
        boolean google = vendor.there() && vendor.seen().startsWith(GOOGLE) && certificate.there();
        return new Detection(
                kind(device.there(), tsm.there(), blob.there(), google),
                List.of(vendor, device, tsm, blob, certificate));
    }

    private static Optional<PlatformKind> kind(boolean device, boolean tsm, boolean azure, boolean google) {
        if (azure) {
            return Optional.of(PlatformKind.AZURE);
        }
        if (!device && !tsm) {
            return Optional.empty();
        }
        if (google) {
            return Optional.of(PlatformKind.GCP);
        }
        return Optional.of(device ? PlatformKind.SEV_GUEST : PlatformKind.CONFIGFS_TSM);
    }

    private static Finding vendor(Path dmi) {
        String probe = "vendor in " + dmi;
        try {
            String text = text(dmi.resolve("sys_vendor")) + " " + text(dmi.resolve("product_name"));
            return new Finding(probe, !text.isBlank(), text.strip());
        } catch (IOException e) {
            return new Finding(probe, false, "not told");
        }
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_TEXT), StandardCharsets.US_ASCII)
                    .replaceAll("[^\\x20-\\x7e]", "")
                    .strip();
        }
    }

    private static Finding device(Path path) {
        String probe = "guest device " + path;
        try {
            GuestDriver driver = GuestDriver.available();
            int descriptor = driver.open(path.toString());
            if (descriptor < 0) {
                PlatformException why = DriverErrors.of("opening", -descriptor, 0, 0);
                return new Finding(probe, false, why.getClass().getSimpleName() + ": " + why.getMessage());
            }
            driver.close(descriptor);
            return new Finding(probe, true, "opens through " + driver.name());
        } catch (PlatformException e) {
            return new Finding(probe, false, String.valueOf(e.getMessage()));
        }
    }

    private static Finding tsm(Path root) {
        String probe = "configfs-tsm " + root;
        try (ConfigfsTsm tree = ConfigfsTsm.open(root, CollateralSource.NONE)) {
            String provider = tree.provider();
            return new Finding(probe, provider.equals(ConfigfsTsm.PROVIDER), "served by " + provider);
        } catch (PlatformException e) {
            return new Finding(probe, false, String.valueOf(e.getMessage()));
        }
    }

    private static Finding index(TpmConnection tpm, String what, long index) {
        String probe = "%s at index 0x%08x of the TPM %s".formatted(what, index, tpm.name());
        try {
            Bytes content = new Tpm(tpm).nvRead(index);
            return new Finding(probe, true, content.length() + " bytes");
        } catch (TpmException e) {
            return new Finding(probe, false, String.valueOf(e.getMessage()));
        }
    }
}
