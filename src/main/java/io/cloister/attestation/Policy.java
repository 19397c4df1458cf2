package io.cloister.attestation;

import io.cloister.attestation.policy.BootRules;
import io.cloister.attestation.policy.ChipRules;
import io.cloister.attestation.policy.FirmwareRules;
import io.cloister.attestation.policy.GuestRules;
import io.cloister.attestation.policy.LaunchRules;
import io.cloister.attestation.policy.PlatformRules;
import io.cloister.attestation.policy.RootRules;
import io.cloister.attestation.policy.Rule;
import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.crypto.Hashes;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a verifier accepts. What is not named is refused: a policy must name product lines with their least TCB and what
 * may run, and Milan only on purpose. A demand that a policy does not make shows as a skipped check in every verdict.
 *
 * @param name for people, 1 to 64 characters
 * @param roots whose word counts
 * @param launch what may have been launched
 * @param boot what may boot where the cloud owns the launch
 * @param firmware how new firmware and microcode must be
 * @param guest what the guest's launch policy may be
 * @param platform how the host's machine may be set up
 * @param chips which chips may attest
 */
public record Policy(
        String name,
        RootRules roots,
        LaunchRules launch,
        BootRules boot,
        FirmwareRules firmware,
        GuestRules guest,
        PlatformRules platform,
        ChipRules chips) {
    /** Bytes of a policy document, at most. */
    public static final int MAX_SIZE = 256 * 1024;

    private static final Bytes LABEL = Bytes.utf8("cloister/policy/v1");
    private static final int MAX_NAME = 64;

    public Policy {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new CodecException(Reason.OUT_OF_RANGE, "a policy's name has 1 to 64 characters");
        }
    }

    /**
     * A policy for networks of simulated or own machines: Genoa and Turin at any TCB, these measurements, these test
     * roots.
     */
    public static Policy devnet(Collection<Bytes> measurements, Collection<Bytes> testRoots) {
        Policy shipped = ShippedPolicies.DEVNET.policy();
        LaunchRules launch = shipped.launch();
        return new Policy(
                shipped.name(),
                new RootRules(
                        shipped.roots().productLines(),
                        new TreeSet<>(testRoots),
                        shipped.roots().revocationList()),
                new LaunchRules(
                        launch.named(),
                        new TreeSet<>(measurements),
                        launch.idKeys(),
                        launch.authorKeys(),
                        launch.minimumGuestSvn(),
                        launch.familyIds(),
                        launch.imageIds(),
                        launch.hostData(),
                        launch.maximumVmpl()),
                shipped.boot(),
                shipped.firmware(),
                shipped.guest(),
                shipped.platform(),
                shipped.chips());
    }

    /**
     * Reads a JSON document. A member that is missing has the value that refuses most (see {@code
     * policies/policy.schema.json}); none may be unknown, doubled or of another type.
     *
     * @throws CodecException BAD_TEXT (not such a document), TOO_LONG, OUT_OF_RANGE (a value that cannot be),
     *     NOT_CANONICAL (a value that stands twice in a list)
     */
    public static Policy parse(Bytes json) {
        return PolicyJson.read(json);
    }

    /** The whole document for people, with line breaks; {@link #parse} reads it back. */
    public String toJson() {
        return PolicyJson.pretty(this);
    }

    /** SHA-256("cloister/policy/v1" || canonical JSON of the whole document): equal exactly for equal policies. */
    public Bytes digest() {
        return Hashes.sha256(LABEL, Bytes.utf8(PolicyJson.canonical(this)));
    }

    /** All its demands, in the order of a verdict. */
    List<Rule> rules() {
        return Stream.of(
                        roots.rules(),
                        firmware.rules(),
                        launch.rules(),
                        boot.rules(launch.namesSoftware()),
                        guest.rules(),
                        platform.rules(),
                        chips.rules())
                .flatMap(List::stream)
                .toList();
    }
}
