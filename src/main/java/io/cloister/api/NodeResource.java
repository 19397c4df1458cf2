package io.cloister.api;

import io.cloister.bridge.runner.BridgeRunner;
import io.cloister.bridge.runner.ChainStatus;
import io.cloister.codec.Bytes;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Header;
import io.cloister.consensus.engine.Engine;
import io.cloister.mpc.node.MpcNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** This node, also while it boots. */
@Path("node")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class NodeResource {
    /** A node counts as voting when one of so many last certificates has its signature. */
    private static final int RECENT = 8;

    @Inject
    private NodeServices node;

    record View(
            String chainId,
            String step,
            @Nullable String failure,
            String release,
            String platform,
            @Nullable Integer slot,
            @Nullable BootKeysView keys,
            @Nullable String record,
            @Nullable VerdictView self,
            @Nullable Long height,
            @Nullable Integer round,
            @Nullable String stateRoot,
            @Nullable Boolean voting,
            @Nullable Integer presignatures,
            @Nullable Map<String, Long> tips,
            @Nullable Map<String, String> troubles,
            @Nullable List<PeerView> peers) {}

    @GET
    public View get() {
        Optional<Engine> engine = node.engine();
        Optional<Long> height = engine.map(e -> e.status().decidedHeight());
        Optional<Header> last = height.filter(h -> h > 0)
                .flatMap(h -> engine.orElseThrow().block(h))
                .map(b -> b.block().header());
        return new View(
                node.chainId(),
                node.step(),
                node.failure().orElse(null),
                node.measurement().map(Bytes::toHex).orElse("unknown"),
                node.platform().orElse("none"),
                node.slot().orElse(null),
                node.bootKeys().map(BootKeysView::of).orElse(null),
                node.record().map(r -> r.encode().to0x()).orElse(null),
                node.self().map(VerdictView::of).orElse(null),
                height.orElse(null),
                engine.map(e -> e.status().round()).orElse(null),
                last.map(h -> h.stateRoot().to0x()).orElse(null),
                height.map(h -> isVoting(engine.orElseThrow(), h)).orElse(null),
                node.mpc().map(MpcNode::status).map(s -> s.presignaturesHeld()).orElse(null),
                node.runner().map(BridgeRunner::tips).orElse(null),
                node.runner().map(r -> troubles(r.chains())).orElse(null),
                node.peers().map(p -> PeerView.all(node)).orElse(null));
    }

    private static Map<String, String> troubles(List<ChainStatus> chains) {
        Map<String, String> troubles = new TreeMap<>();
        for (ChainStatus chain : chains) {
            chain.trouble().ifPresent(why -> troubles.put(chain.chain(), why));
            if (chain.broken()) {
                troubles.put(chain.chain(), "final-block-undone");
            }
        }
        return troubles;
    }

    private boolean isVoting(Engine engine, long height) {
        int slot = node.slot().orElse(0);
        for (long at = Math.max(1, height - RECENT + 1); at <= height; at++) {
            Optional<Certificate> certificate = engine.block(at).map(b -> b.certificate());
            if (certificate.isPresent()
                    && certificate.get().signatures().stream().anyMatch(s -> s.slot() == slot)) {
                return true;
            }
        }
        return false;
    }
}
