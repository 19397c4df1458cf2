package io.cloister.attestation.platform;

import io.cloister.attestation.kds.CollateralSource;
import io.cloister.codec.Bytes;
import java.util.List;

/** Opens the platforms of real machines, or of those that look like them. */
public final class Platforms {
    private final PlatformPlaces places;
    private final CollateralSource certificates;
    private final List<Bytes> googleAuthorities;

    /**
     * @param certificates where those come from that the host does not give, and revocation lists
     * @param googleAuthorities Google's intermediate and root certificates, DER; for {@link PlatformKind#GCP}
     */
    public Platforms(PlatformPlaces places, CollateralSource certificates, List<Bytes> googleAuthorities) {
        this.places = places;
        this.certificates = certificates;
        this.googleAuthorities = List.copyOf(googleAuthorities);
    }

    /**
     * Opens one.
     *
     * @throws PlatformException by its kind; Unsupported for {@link PlatformKind#PURE_JAVA}, which stands on no machine
     */
    public Platform open(PlatformKind kind) {
        return switch (kind) {
            case SEV_GUEST -> SevGuestDevice.open(places.device(), certificates);
            case CONFIGFS_TSM -> configfs();
            case AZURE -> AzurePlatform.open(TpmConnection.to(places.tpm()), certificates);
            case GCP -> GooglePlatform.open(guest(), TpmConnection.to(places.tpm()), googleAuthorities);
            case PURE_JAVA -> throw new PlatformException.Unsupported("a chip in this process is not opened but made");
        };
    }

    /** Reports through the device where it opens, else through configfs-tsm. */
    private Platform guest() {
        try {
            return SevGuestDevice.open(places.device(), certificates);
        } catch (PlatformException device) {
            try {
                return ConfigfsTsm.open(places.tsm(), certificates);
            } catch (PlatformException tsm) {
                throw new PlatformException.DeviceMissing(device.getMessage() + "; " + tsm.getMessage(), device);
            }
        }
    }

    /** With the device's derived keys where it opens, else without any. */
    private Platform configfs() {
        ConfigfsTsm tree = ConfigfsTsm.open(places.tsm(), certificates);
        try {
            return new ReportsAndKeys(tree, SevGuestDevice.open(places.device(), CollateralSource.NONE));
        } catch (PlatformException e) {
            System.getLogger(Platforms.class.getName())
                    .log(System.Logger.Level.INFO, "no derived keys: {0}", e.getMessage());
            return tree;
        }
    }
}
