package io.cloister.node.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.platform.PlatformKind;
import io.cloister.node.settings.Settings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The settings' kinds of platforms are those that can be opened, and one more. */
class PlatformStepTest {
    @ParameterizedTest
    @EnumSource(Settings.PlatformKind.class)
    void everyKindOfTheSettingsIsOneOrIsFoundOut(Settings.PlatformKind kind) {
        assertThat(PlatformKind.ofLabel(kind.label()).isEmpty()).isEqualTo(kind == Settings.PlatformKind.AUTO);
    }

    @ParameterizedTest
    @EnumSource(PlatformKind.class)
    void everyPlatformCanBeNamedInTheSettings(PlatformKind kind) {
        assertThat(Settings.PlatformKind.values())
                .anyMatch(known -> known.label().equals(kind.label()));
    }
}
