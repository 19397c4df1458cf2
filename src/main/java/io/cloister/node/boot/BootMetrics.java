package io.cloister.node.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;

/** The boot as figures at {@code /metrics}. */
@ApplicationScoped
public class BootMetrics {
    @Inject
    private MetricRegistry metrics;

    @Inject
    private BootSequence boot;

    void register(@Observes Startup event) {
        Metadata step = Metadata.builder()
                .withName("cloister_boot_step")
                .withDescription("Number of the boot's step in its fixed order, from 0; the last is READY")
                .build();
        metrics.gauge(step, boot, sequence -> sequence.status().stage().ordinal());
        Metadata ready = Metadata.builder()
                .withName("cloister_ready")
                .withDescription("1 when every step of the boot has succeeded and what they started still runs")
                .build();
        metrics.gauge(ready, boot, sequence -> sequence.status().isReady() ? 1 : 0);
    }
}
