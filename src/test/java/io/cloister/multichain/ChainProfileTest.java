package io.cloister.multichain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChainProfileTest {

    @Test
    void servesRegtestChainsAndRefusesThoseWithValue() {
        assertThatCode(ChainProfiles.LITECOIN_REGTEST::requireServable).doesNotThrowAnyException();
        assertThatCode(ChainProfiles.ETHEREUM_DEV::requireServable).doesNotThrowAnyException();
        for (ChainProfile profile :
                new ChainProfile[] {ChainProfiles.BITCOIN, ChainProfiles.LITECOIN, ChainProfiles.ETHEREUM}) {
            assertThatThrownBy(profile::requireServable)
                    .isInstanceOfSatisfying(
                            ProfileRefused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(ProfileRefused.Reason.NOT_REGTEST));
        }
    }

    @Test
    void findsProfilesByNameAndRefusesUnknownNames() {
        assertThat(ChainProfiles.named("litecoin-regtest")).isEqualTo(ChainProfiles.LITECOIN_REGTEST);
        assertThatThrownBy(() -> ChainProfiles.named("litecoin-mainnet"))
                .isInstanceOfSatisfying(
                        ProfileRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(ProfileRefused.Reason.UNKNOWN));
    }

    @Test
    void asksMoreConfirmationsForMoreValueUpToACap() {
        ConfirmationPolicy policy = new ConfirmationPolicy(3, 1_000, 10);
        assertThat(policy.required(1)).isEqualTo(3);
        assertThat(policy.required(3_000)).isEqualTo(3);
        assertThat(policy.required(3_001)).isEqualTo(4);
        assertThat(policy.required(Long.MAX_VALUE)).isEqualTo(10);
    }
}
