package io.cloister.cli.demo;

import io.cloister.client.model.Node;
import io.cloister.client.model.Validator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Starts a killed node again and sees it catch up, vote and hold presignatures. */
final class Revival {
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private final Demo demo;
    private final Progress progress;
    private final NodeProcess victim;

    Revival(Demo demo, Progress progress, NodeProcess victim) {
        this.demo = demo;
        this.progress = progress;
        this.victim = victim;
    }

    void run() throws Exception {
        progress.checked("the signature was made by three nodes");
        long before = bootCounter();
        victim.start();
        NodesStep.awaitReady(demo, progress);
        progress.checked("node " + victim.number() + " is ready again");
        Waiting.untilTrue(progress, "its new boot to be ordered", PATIENCE, () -> bootCounter() > before);
        progress.checked("its boot " + bootCounter() + " is in the ledger, announced under its slot key with evidence");
        Waiting.untilTrue(progress, "it to vote", PATIENCE, () -> {
            Node node = victim.client().network().getNode();
            return Boolean.TRUE.equals(node.getVoting());
        });
        progress.checked("its signature stands in a certificate");
        int held = Waiting.until(
                progress,
                "it to hold presignatures",
                PATIENCE,
                () -> Optional.ofNullable(victim.client().network().getNode().getPresignatures())
                        .filter(n -> n > 0));
        progress.checked("it holds shares of " + held + " presignatures, dealt to its new boot key");
        equalRoots();
    }

    /** Roots of different heights differ, so they are compared at a height that all have reached. */
    private void equalRoots() throws Exception {
        String all = Waiting.until(progress, "equal state roots at one height", PATIENCE, () -> {
            long lowest = Long.MAX_VALUE;
            for (NodeProcess node : demo.nodes()) {
                lowest = Math.min(
                        lowest,
                        CheckFailed.present(node.client().network().getNode().getHeight(), "height"));
            }
            Map<String, List<Integer>> roots = new TreeMap<>();
            for (NodeProcess node : demo.nodes()) {
                String root = node.client().chain().getBlock(lowest).getHeader().getStateRoot();
                roots.computeIfAbsent(root, r -> new ArrayList<>()).add(node.number());
            }
            return roots.size() == 1
                    ? Optional.of(roots.keySet().iterator().next() + " at height " + lowest)
                    : Optional.empty();
        });
        progress.checked("all four state roots are " + all);
    }

    private long bootCounter() throws Exception {
        return demo.node(0).network().listValidators().stream()
                .filter(v -> v.getSlot() == victim.number())
                .map(Validator::getBootCounter)
                .findFirst()
                .orElse(0L);
    }
}
