package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloister.attestation.TestChips;
import io.cloister.attestation.platform.DerivedKeyRequest;
import io.cloister.attestation.platform.DerivedKeyRequest.GuestField;
import io.cloister.attestation.platform.DerivedKeyRequest.RootKey;
import io.cloister.attestation.platform.PureJavaPlatform;
import io.cloister.attestation.platform.SimulatedGuest;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.snp.Tcb;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.SecretBytes;
import io.cloister.vault.SealException;
import io.cloister.vault.SealMetadata;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalSealTest {
    private static final Set<GuestField> SEALING =
            EnumSet.of(GuestField.GUEST_POLICY, GuestField.MEASUREMENT, GuestField.TCB_VERSION);

    private final PureJavaPlatform platform =
            new PureJavaPlatform(TestChips.chip(ProductLine.GENOA), SimulatedGuest.of(TestChips.MEASUREMENT));

    private SecretBytes derive(RootKey root, Set<GuestField> fields) {
        Writer encoded = new Writer();
        new DerivedKeyRequest(root, fields, 0, 0, Bytes.zeros(Tcb.SIZE)).encode(encoded);
        return LocalSeal.derive(
                platform, new SealMetadata(TestChips.MEASUREMENT, encoded.toBytes(), Bytes.zeros(Tcb.SIZE)));
    }

    @Test
    void isDerivedForTheMeasurementAndLaunchPolicyOfThisGuest() {
        try (SecretBytes seal = derive(RootKey.VCEK, SEALING)) {
            assertThat(seal).isNotNull();
        }
    }

    /** Another guest of the chip, which whoever brings the disk may run, could derive such a key and plant a vault. */
    @ParameterizedTest
    @EnumSource(names = {"GUEST_POLICY", "MEASUREMENT", "TCB_VERSION"})
    void refusesARequestThatAnotherGuestCouldMake(GuestField missing) {
        EnumSet<GuestField> fields = EnumSet.copyOf(SEALING);
        fields.remove(missing);
        assertThatExceptionOfType(SealException.class)
                .isThrownBy(() -> derive(RootKey.VCEK, fields).close());
    }

    @Test
    void refusesTheRootThatAMigrationAgentCarries() {
        assertThatExceptionOfType(SealException.class)
                .isThrownBy(() -> derive(RootKey.VMRK, SEALING).close());
    }
}
