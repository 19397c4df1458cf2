package io.cloister.node.steps;

import io.cloister.attestation.kds.CollateralSettings;
import io.cloister.attestation.platform.Detection;
import io.cloister.attestation.platform.GoogleAuthorities;
import io.cloister.attestation.platform.GuestCollateral;
import io.cloister.attestation.platform.Platform;
import io.cloister.attestation.platform.PlatformDetector;
import io.cloister.attestation.platform.PlatformKind;
import io.cloister.attestation.platform.PlatformPlaces;
import io.cloister.attestation.platform.Platforms;
import io.cloister.attestation.platform.PureJavaPlatform;
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
import java.util.List;

/** Opens the source of evidence, or finds out first which one this machine has. */
@ApplicationScoped
public class PlatformStep implements BootStep {
    private static final System.Logger LOG = System.getLogger(PlatformStep.class.getName());

    /** Beside a simulated chip: what its guest measures, as hex. */
    private static final String MEASUREMENT_FILE = "measurement.hex";

    @Override
    public String name() {
        return BootStage.PLATFORM.name();
    }

    @Override
    public void run(BootContext context) throws IOException {
        Settings.Platform settings = context.get(Settings.class).platform();
        PlatformKind kind = PlatformKind.ofLabel(settings.kind().label()).orElseGet(() -> detected(settings));
        Platform platform = kind == PlatformKind.PURE_JAVA
                ? pureJava(settings.authority().orElseThrow())
                : machine(context, settings).open(kind);
        context.provide(Platform.class, platform);
        context.closeAtStop("the platform", platform);
        LOG.log(System.Logger.Level.INFO, "evidence comes from {0}: {1}", kind.label(), platform.name());
    }

    private static PlatformKind detected(Settings.Platform settings) {
        Detection detection = PlatformDetector.detect(places(settings));
        LOG.log(System.Logger.Level.INFO, "this machine is {0}", detection.summary());
        return detection.kind().orElseThrow(() -> new IllegalStateException("this machine is " + detection.summary()));
    }

    private static Platforms machine(BootContext context, Settings.Platform settings) throws IOException {
        List<Bytes> google = settings.collateral().isPresent()
                ? GoogleAuthorities.in(settings.collateral().get())
                : List.of();
        GuestCollateral collateral = new GuestCollateral(settings.collateral(), services(settings));
        context.closeAtStop("the sources of certificates", collateral);
        return new Platforms(places(settings), collateral, google);
    }

    private static PlatformPlaces places(Settings.Platform settings) {
        return new PlatformPlaces(settings.device(), settings.tsm(), settings.tpm(), PlatformPlaces.LINUX.dmi());
    }

    private static CollateralSettings services(Settings.Platform settings) {
        CollateralSettings none = CollateralSettings.NONE;
        CollateralSettings azure = settings.thim().map(none::withThim).orElse(none);
        return settings.kds().map(azure::withKds).orElse(azure);
    }

    private static Platform pureJava(Path folder) throws IOException {
        Bytes measurement =
                Bytes.hex(Files.readString(folder.resolve(MEASUREMENT_FILE)).strip());
        return new PureJavaPlatform(SimulatedChip.load(folder), SimulatedGuest.of(measurement));
    }
}
