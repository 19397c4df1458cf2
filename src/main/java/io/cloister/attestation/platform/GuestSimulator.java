package io.cloister.attestation.platform;

import io.cloister.attestation.snp.SigningKeyKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running {@code cloister-snp-sim}: a process of its own that mounts a folder with {@code sev-guest} and {@code
 * tsm/report}. It needs {@code /dev/fuse} and root, outlives whoever uses the device, and is ended and unmounted by
 * {@link #close}.
 */
public final class GuestSimulator implements AutoCloseable {
    private static final int STOP_SECONDS = 10;

    private final Process process;
    private final Path mount;

    private GuestSimulator(Process process, Path mount) {
        this.process = process;
        this.mount = mount;
    }

    /** Whether this machine can mount the simulator's file system. */
    public static boolean isPossible() {
        return Files.isWritable(Path.of("/dev/fuse")) && "root".equals(System.getProperty("user.name"));
    }

    /**
     * The command line that serves a saved chip.
     *
     * @param program {@code cloister-snp-sim}
     * @param mount an existing empty folder
     * @param chipFolder where {@link SimulatedChip#save} wrote
     */
    public static List<String> command(Path program, Path mount, Path chipFolder, SimulatedGuest guest)
            throws IOException {
        try (SimulatedChip chip = SimulatedChip.load(chipFolder)) {
            if (chip.keyKind() != SigningKeyKind.VCEK) {
                throw new IllegalArgumentException("the simulator serves chips, not keys of cloud providers");
            }
            return List.of(
                    program.toString(),
                    "--mount",
                    mount.toString(),
                    "--vcek",
                    chipFolder.resolve(SimulatedChip.KEY_FILE).toString(),
                    "--certificates",
                    chipFolder.resolve(SimulatedChip.TABLE_FILE).toString(),
                    "--derived-root",
                    "@" + chipFolder.resolve(SimulatedChip.ROOT_FILE),
                    "--product",
                    chip.line().title(),
                    "--chip-id",
                    chip.chipId().toHex(),
                    "--tcb",
                    chip.tcb().toString(),
                    "--measurement",
                    guest.measurement().toHex(),
                    "--report-version",
                    Integer.toString(guest.reportVersion()),
                    "--policy",
                    Long.toHexString(guest.policy().bits()),
                    "--platform-info",
                    Long.toHexString(guest.platformInfo().bits()),
                    "--guest-svn",
                    Long.toString(guest.guestSvn()),
                    "--host-data",
                    guest.hostData().toHex());
        }
    }

    /**
     * Starts a simulator and waits until its device is there.
     *
     * @param options further options of the program, such as {@code --follow PID} or {@code --delay-ms N}
     * @throws IOException with what the program said when it does not come up
     */
    public static GuestSimulator start(
            Path program, Path mount, Path chipFolder, SimulatedGuest guest, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(command(program, mount, chipFolder, guest));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("serving ")) {
                return new GuestSimulator(process, mount);
            }
            said.add(line);
        }
        throw new IOException("the guest simulator did not come up: " + String.join(" / ", said));
    }

    /** The device file to open in place of {@code /dev/sev-guest}. */
    public Path device() {
        return mount.resolve("sev-guest");
    }

    /** The tree to use in place of {@code /sys/kernel/config/tsm/report}. */
    public Path tsm() {
        return mount.resolve("tsm").resolve("report");
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process, which unmounts; a process that does not end is killed and its mount detached. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
            process.destroyForcibly().waitFor();
            new ProcessBuilder("umount", "-l", mount.toString()).start().waitFor();
        } catch (IOException e) {
            System.getLogger(GuestSimulator.class.getName())
                    .log(System.Logger.Level.WARNING, mount + " may still be mounted", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
