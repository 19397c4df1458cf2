package io.cloister.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientLimitsTest {
    private static final double NEVER = 1e-9;

    private static boolean takes(ClientLimits limits, String address) {
        try {
            limits.take(address);
            return true;
        } catch (ApiException e) {
            return false;
        }
    }

    private static ClientLimits limits(int own, int all) {
        return new ClientLimits(own, NEVER, new RateLimit(all, NEVER));
    }

    @Test
    void eachClientHasItsOwnLimit() {
        ClientLimits limits = limits(2, 100);
        assertThat(takes(limits, "192.0.2.1")).isTrue();
        assertThat(takes(limits, "192.0.2.1")).isTrue();
        assertThat(takes(limits, "192.0.2.1")).isFalse();
        assertThat(takes(limits, "192.0.2.2")).isTrue();
    }

    @Test
    void addressesOfOneIpv6NetworkAreOneClient() {
        ClientLimits limits = limits(1, 100);
        assertThat(takes(limits, "2001:db8:0:1::1")).isTrue();
        assertThat(takes(limits, "2001:db8:0:1:ffff::2")).isFalse();
        assertThat(takes(limits, "2001:db8:0:2::1")).isTrue();
    }

    @Test
    void whoIsOverHisLimitTakesNothingFromTheOthers() {
        ClientLimits limits = limits(1, 2);
        for (int i = 0; i < 10; i++) {
            takes(limits, "192.0.2.1");
        }
        assertThat(takes(limits, "192.0.2.2")).isTrue();
        assertThat(takes(limits, "192.0.2.3")).as("all together").isFalse();
    }

    @Test
    void remembersABoundedNumberOfClients() {
        ClientLimits limits = limits(1, Integer.MAX_VALUE);
        assertThat(takes(limits, "10.0.0.1")).isTrue();
        for (int i = 0; i < ClientLimits.MAX_CLIENTS; i++) {
            assertThat(takes(limits, "10.1." + i / 256 + "." + i % 256)).isTrue();
        }
        assertThat(takes(limits, "10.0.0.1")).as("forgotten").isTrue();
        assertThat(takes(limits, "10.1.15.255")).as("remembered").isFalse();
    }

    @Test
    void whatIsNoAddressIsOneClientToo() {
        ClientLimits limits = limits(1, 100);
        assertThat(takes(limits, "unknown")).isTrue();
        assertThat(takes(limits, "also unknown")).isFalse();
    }
}
