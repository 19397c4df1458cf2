package io.cloister.attestation.platform;

import io.cloister.attestation.kds.CollateralFolder;
import io.cloister.attestation.kds.CollateralSource;
import io.cloister.codec.CodecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the platform of this machine: the guest device, else configfs-tsm, else a simulated chip where one is
 * configured. A real device is never passed over for a simulated one. Whether a device file is itself a simulator's
 * is not asked here: its certificates tell everybody.
 */
public final class PlatformDetector {
    private final Settings settings;
    private final List<String> explanation = new ArrayList<>();

    private PlatformDetector(Settings settings) {
        this.settings = settings;
    }

    /**
     * Where to look.
     *
     * @param device the SEV guest device
     * @param tsm the configfs-tsm tree
     * @param simulated a chip in this process, for machines that have neither
     * @param collateral a folder of certificates that the host does not give
     */
    public record Settings(Path device, Path tsm, Optional<Simulated> simulated, Optional<Path> collateral) {
        /** The kernel's own places and nothing else. */
        public static final Settings DEFAULT =
                new Settings(SevGuestDevice.DEFAULT_PATH, ConfigfsTsm.DEFAULT_PATH, Optional.empty(), Optional.empty());
    }

    /**
     * A chip that {@link SimulatedChip#save} wrote, and the guest to be on it.
     */
    public record Simulated(Path chipFolder, SimulatedGuest guest) {}

    /**
     * What was found.
     *
     * @param explanation a line for each place that was looked at, the last one for the place that is used
     */
    public record Detected(Platform platform, List<String> explanation) {
        public Detected {
            explanation = List.copyOf(explanation);
        }
    }

    /**
     * Looks at each place in turn.
     *
     * @throws PlatformException DeviceMissing, with the explanation, when there is nothing
     */
    public static Detected detect(Settings settings) {
        PlatformDetector detector = new PlatformDetector(settings);
        return detector.device()
                .or(detector::tsm)
                .or(detector::simulated)
                .map(platform -> new Detected(platform, detector.explanation))
                .orElseThrow(() -> new PlatformException.DeviceMissing(
                        "no attestation platform: " + String.join("; ", detector.explanation)));
    }

    private CollateralSource fallback() {
        return settings.collateral()
                .<CollateralSource>map(CollateralFolder::new)
                .orElse(CollateralSource.NONE);
    }

    private Optional<Platform> device() {
        if (!Files.exists(settings.device())) {
            explanation.add(settings.device() + " is not there");
            return Optional.empty();
        }
        try {
            Platform platform = SevGuestDevice.open(settings.device(), fallback());
            explanation.add(settings.device() + " is used: reports and derived keys");
            return Optional.of(platform);
        } catch (PlatformException e) {
            explanation.add(settings.device() + " cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Platform> tsm() {
        if (!Files.isDirectory(settings.tsm())) {
            explanation.add(settings.tsm() + " is not there");
            return Optional.empty();
        }
        explanation.add(settings.tsm() + " is used: reports, but no derived keys");
        return Optional.of(ConfigfsTsm.open(settings.tsm(), fallback()));
    }

    private Optional<Platform> simulated() {
        if (settings.simulated().isEmpty()) {
            explanation.add("no simulated chip is configured");
            return Optional.empty();
        }
        Simulated simulated = settings.simulated().get();
        try {
            Platform platform = new PureJavaPlatform(SimulatedChip.load(simulated.chipFolder()), simulated.guest());
            explanation.add("the simulated chip in " + simulated.chipFolder()
                    + " is used: only policies that name its test root accept it, at grade D");
            return Optional.of(platform);
        } catch (IOException | CodecException e) {
            explanation.add("the simulated chip in " + simulated.chipFolder() + " cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }
}
