package io.cloister.node;

import io.cloister.bridge.runner.BridgeRunner;
import io.cloister.bridge.runner.ChainStatus;
import io.cloister.node.boot.BootContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether the foreign chains are followed. A chain that cannot be reached is named and passes by itself; one whose node
 * is of another chain, or whose runner has ended, takes the node's readiness away.
 */
@ApplicationScoped
public class ChainHealth {
    @Inject
    private BootContext context;

    @Produces
    @Readiness
    HealthCheck chains() {
        return () -> response(
                context.find(BridgeRunner.class).map(BridgeRunner::chains).orElse(List.of()));
    }

    static HealthCheckResponse response(List<ChainStatus> chains) {
        HealthCheckResponseBuilder builder =
                HealthCheckResponse.named("chains").status(chains.stream().noneMatch(ChainStatus::isDown));
        chains.forEach(chain ->
                chain.trouble().ifPresent(why -> builder.withData(chain.asset() + " on " + chain.chain(), why)));
        return builder.build();
    }
}
