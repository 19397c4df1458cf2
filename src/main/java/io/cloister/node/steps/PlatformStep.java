package io.cloister.node.steps;

import io.cloister.attestation.kds.CollateralFolder;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.attestation.platform.Platform;
import io.cloister.attestation.platform.PureJavaPlatform;
import io.cloister.attestation.platform.SevGuestDevice;
import io.cloister.attestation.platform.SimulatedChip;
import io.cloister.attestation.platform.SimulatedGuest;
import io.cloister.codec.Bytes;
import io.cloister.node.boot.BootContext;
import io.cloister.node.boot.BootStage;
import io.cloister.node.boot.BootStep;
import io.cloister.node.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the source of evidence. */
@ApplicationScoped
public class PlatformStep implements BootStep {
    /** Beside a simulated chip: what its guest measures, as hex. */
    private static final String MEASUREMENT_FILE = "measurement.hex";

    @Override
    public String name() {
        return BootStage.PLATFORM.name();
    }

    @Override
    public void run(BootContext context) throws IOException {
        Settings.Platform settings = context.get(Settings.class).platform();
        Platform platform = switch (settings.kind()) {
            case SEV_GUEST -> SevGuestDevice.open(settings.device(), collateral(settings));
            case PURE_JAVA -> pureJava(settings.authority().orElseThrow());
        };
        context.provide(Platform.class, platform);
        context.closeAtStop("the platform", platform);
    }

    /** Where certificates come from that the host does not give. */
    private static CollateralSource collateral(Settings.Platform settings) {
        return settings.collateral()
                .<CollateralSource>map(CollateralFolder::new)
                .orElse(CollateralSource.NONE);
    }

    private static Platform pureJava(Path folder) throws IOException {
        Bytes measurement =
                Bytes.hex(Files.readString(folder.resolve(MEASUREMENT_FILE)).strip());
        return new PureJavaPlatform(SimulatedChip.load(folder), SimulatedGuest.of(measurement));
    }
}
