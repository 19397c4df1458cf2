package io.cloister.node;

import io.cloister.bridge.runner.BridgeRunner;
import io.cloister.bridge.runner.ChainStatus;
import io.cloister.channel.PeerNetwork;
import io.cloister.channel.Refusal;
import io.cloister.channel.grpc.GrpcPeerNetwork;
import io.cloister.consensus.engine.Engine;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.membership.Members;
import io.cloister.mpc.board.MpcKeys;
import io.cloister.mpc.node.MpcNode;
import io.cloister.node.boot.BootContext;
import io.cloister.node.heads.HeadExchange;
import io.cloister.node.heads.HeadStatus;
import io.cloister.node.steps.MembershipAlarms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/** What an operator watches, as figures at {@code /metrics}; zero as long as a service has not been opened. */
@ApplicationScoped
public class NodeMetrics {
    @Inject
    private MetricRegistry metrics;

    @Inject
    private BootContext context;

    void register(@Observes Startup event) {
        gauge(
                "cloister_height",
                "Height of the last decided block",
                c -> c.find(Engine.class)
                        .map(e -> (double) e.status().decidedHeight())
                        .orElse(0.0));
        gauge(
                "cloister_members",
                "Members whose votes count",
                c -> c.find(Ledger.class)
                        .map(l -> (double) Members.all(l.state()).size())
                        .orElse(0.0));
        gauge(
                "cloister_recoveries",
                "How often an epoch was opened because no quorum of vote keys was alive",
                c -> c.find(Ledger.class)
                        .map(l -> (double) Members.recoveries(l.state()))
                        .orElse(0.0));
        gauge(
                "cloister_contradictions",
                "What validators signed against each other, seen since the start (must stay 0)",
                c -> c.find(Engine.class)
                        .map(e -> (double) e.status().evidence())
                        .orElse(0.0));
        gauge(
                "cloister_membership_alarms",
                "Members that should go and stay, since too few would be left (must stay 0)",
                c -> c.find(MembershipAlarms.class).map(a -> (double) a.count()).orElse(0.0));
        gauge(
                "cloister_consensus_running",
                "1 as long as this node takes part in the chain",
                c -> c.find(Engine.class).filter(e -> e.halted().isEmpty()).isPresent() ? 1 : 0);
        gauge(
                "cloister_voting",
                "0 while this node keeps silent because it has promised a later epoch; start it again if it stays so",
                c -> c.find(Engine.class)
                                .filter(e -> e.status().promised() <= e.status().epoch())
                                .isPresent()
                        ? 1
                        : 0);
        gauge(
                "cloister_mpc_running",
                "1 as long as this node takes part in the threshold protocols",
                c -> c.find(MpcNode.class).filter(m -> m.ended().isEmpty()).isPresent() ? 1 : 0);
        gauge(
                "cloister_pool_transactions",
                "Transactions that wait for a block",
                c -> c.find(Engine.class)
                        .map(e -> (double) e.status().poolTransactions())
                        .orElse(0.0));
        gauge(
                "cloister_peers_connected",
                "Peers with a live, verified connection",
                c -> c.find(PeerNetwork.class)
                        .map(p -> (double) p.connected().size())
                        .orElse(0.0));
        gauge(
                "cloister_presignatures_available",
                "Presignatures that can be used",
                c -> c.find(Ledger.class)
                        .map(l -> (double) new MpcKeys(l.state()).poolLevel())
                        .orElse(0.0));
        gauge(
                "cloister_presignatures_held",
                "Presignatures whose shares this boot holds",
                c -> c.find(MpcNode.class)
                        .map(m -> (double) m.status().presignaturesHeld())
                        .orElse(0.0));
        gauge(
                "cloister_mpc_alarms",
                "Things in the threshold protocols that must never happen",
                c -> c.find(MpcNode.class)
                        .map(m -> (double) m.status().alarms())
                        .orElse(0.0));
        heads(
                "cloister_head_witnessed_changes",
                "Changes of the own state up to which a quorum of the others has witnessed this boot's heads",
                HeadStatus::witnessedChanges);
        heads(
                "cloister_head_witnessed_height",
                "Height up to which a quorum of the others has witnessed this boot's heads",
                HeadStatus::witnessedHeight);
        heads(
                "cloister_head_exposed_changes",
                "Changes of the own state that a rollback could take unnoticed",
                HeadStatus::exposedChanges);
        heads(
                "cloister_rollback_detected",
                "1 when this boot began on an older disk",
                h -> h.rollback().isPresent() ? 1 : 0);
        bridge(
                "cloister_chains_down",
                "Chains that are not followed until somebody sets it right",
                r -> r.chains().stream().filter(ChainStatus::isDown).count());
        bridge(
                "cloister_chains_broken",
                "Chains of which a final block was undone",
                r -> r.chains().stream().filter(ChainStatus::broken).count());
        bridge(
                "cloister_gateways_overpaid",
                "Gateways to which more was paid than there is room for",
                r -> r.chains().stream().mapToLong(ChainStatus::leftOut).sum());
        bridge("cloister_reports_given_up", "Reports that the ledger refused for good", BridgeRunner::givenUp);
        for (Refusal reason : Refusal.values()) {
            gauge(
                    "cloister_channel_refused",
                    "Peers and connections refused, by reason",
                    c -> c.find(GrpcPeerNetwork.class)
                            .map(n -> (double) n.metrics().refusals(reason))
                            .orElse(0.0),
                    new Tag("reason", reason.name().toLowerCase(Locale.ROOT)));
        }
    }

    private void heads(String name, String description, ToLongFunction<HeadStatus> value) {
        gauge(
                name,
                description,
                c -> value.applyAsLong(
                        c.find(HeadExchange.class).map(HeadExchange::status).orElse(HeadStatus.NONE)));
    }

    private void bridge(String name, String description, ToLongFunction<BridgeRunner> value) {
        gauge(
                name,
                description,
                c -> c.find(BridgeRunner.class)
                        .map(r -> (double) value.applyAsLong(r))
                        .orElse(0.0));
    }

    private void gauge(String name, String description, ToDoubleFunction<BootContext> value, Tag... tags) {
        Metadata metadata =
                Metadata.builder().withName(name).withDescription(description).build();
        metrics.gauge(metadata, context, value::applyAsDouble, tags);
    }
}
