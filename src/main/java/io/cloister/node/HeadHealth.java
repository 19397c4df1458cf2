package io.cloister.node;

import io.cloister.node.boot.BootContext;
import io.cloister.node.heads.HeadExchange;
import io.cloister.node.heads.HeadStatus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** How far peers have witnessed this node's state, and whether its disk was an old one. Always up: it only tells. */
@ApplicationScoped
public class HeadHealth {
    @Inject
    private BootContext context;

    @Produces
    @Readiness
    HealthCheck heads() {
        return () -> response(
                context.find(HeadExchange.class).map(HeadExchange::status).orElse(HeadStatus.NONE));
    }

    static HealthCheckResponse response(HeadStatus status) {
        HealthCheckResponseBuilder builder = HealthCheckResponse.named("heads").up();
        status.latest().ifPresent(head -> builder.withData("signed", head.toString()));
        status.witnessed().ifPresent(head -> builder.withData("witnessed", head.toString()));
        status.rollback().ifPresent(what -> builder.withData("rollback", what));
        return builder.build();
    }
}
