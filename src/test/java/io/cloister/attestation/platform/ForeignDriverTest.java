package io.cloister.attestation.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.platform.PlatformException.LibraryMissing;
import org.junit.jupiter.api.Test;

/** All that a guest device must do, without the C library. */
class ForeignDriverTest extends SevGuestDeviceTest {
    @Override
    GuestDriver driver() {
        return ForeignDriver.load();
    }

    @Test
    void standsInForALibraryThatDoesNotLoad() {
        GuestDriver chosen = GuestDriver.available(() -> {
            throw new LibraryMissing("it is not there", new UnsatisfiedLinkError());
        });

        assertThat(chosen).isInstanceOf(ForeignDriver.class);
    }
}
