package io.cloister.node.boot;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.function.Predicate;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The answers of {@code /health}: alive while the process answers, started when every step of the boot has succeeded,
 * ready as long as what they started runs besides. The step is always named, and the cause when something failed.
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
        return () -> response("boot", boot.status(), BootStatus::isStarted);
    }

    @Produces
    @Readiness
    HealthCheck ready() {
        return () -> response("node", boot.status(), BootStatus::isReady);
    }

    private static HealthCheckResponse response(String name, BootStatus status, Predicate<BootStatus> up) {
        HealthCheckResponseBuilder builder = HealthCheckResponse.named(name)
                .status(up.test(status))
                .withData("step", status.stage().name())
                .withData("phase", status.phase().name());
        status.cause().ifPresent(cause -> builder.withData("cause", cause));
        return builder.build();
    }
}
