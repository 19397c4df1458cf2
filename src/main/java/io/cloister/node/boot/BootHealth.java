package io.cloister.node.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The answers of {@code /health}: alive while the process answers, started and ready when every step of the boot has
 * succeeded. The step is always named, and the cause when it failed.
 */
@ApplicationScoped
public class BootHealth {
    @Inject
    private BootSequence boot;

    @Produces
    @Liveness
    HealthCheck live() {
        return () -> HealthCheckResponse.up("process");
    }

    @Produces
    @Startup
    HealthCheck started() {
        return () -> response("boot");
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> response("node");
    }

    private HealthCheckResponse response(String name) {
        BootStatus status = boot.status();
        HealthCheckResponseBuilder builder = HealthCheckResponse.named(name)
                .status(status.phase() == BootStatus.Phase.DONE)
                .withData("step", status.stage().name())
                .withData("phase", status.phase().name());
        status.cause().ifPresent(cause -> builder.withData("cause", cause));
        return builder.build();
    }
}
