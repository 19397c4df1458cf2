package io.cloister.attestation.platform;

import io.cloister.attestation.snp.GuestPolicy;
import io.cloister.attestation.snp.PlatformInfo;
import io.cloister.codec.Bytes;

/**
 * How a simulated guest was launched.
 *
 * @param measurement 48 bytes
 * @param reportVersion 2, 3 or 5
 * @param guestSvn 32 bits unsigned
 * @param hostData 32 bytes
 */
public record SimulatedGuest(
        Bytes measurement,
        int reportVersion,
        GuestPolicy policy,
        PlatformInfo platformInfo,
        long guestSvn,
        Bytes hostData) {
    private static final long SMT_ALLOWED = 0x30000;
    private static final long ECC_AND_ALIAS_CHECK = 0x24;

    /** An ordinary guest: version 3, SMT allowed, no debugging, on a machine with ECC that checked for aliases. */
    public static SimulatedGuest of(Bytes measurement) {
        return new SimulatedGuest(
                measurement,
                3,
                new GuestPolicy(SMT_ALLOWED),
                new PlatformInfo(ECC_AND_ALIAS_CHECK),
                0,
                Bytes.zeros(32));
    }

    /** The same guest under another launch policy. */
    public SimulatedGuest withPolicy(long bits) {
        return new SimulatedGuest(measurement, reportVersion, new GuestPolicy(bits), platformInfo, guestSvn, hostData);
    }

    /** The same guest with reports of another version. */
    public SimulatedGuest withReportVersion(int version) {
        return new SimulatedGuest(measurement, version, policy, platformInfo, guestSvn, hostData);
    }
}
