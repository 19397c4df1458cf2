package io.cloister.cli;

import io.cloister.client.ApiException;
import io.cloister.client.model.Node;
import io.cloister.client.model.Peer;
import java.util.List;
import java.util.Set;

/** Prints what a node says of itself. */
final class StatusCommand implements Command {
    private static final String DEFAULT_URL = "https://127.0.0.1:8443";

    @Override
    public String name() {
        return "status";
    }

    @Override
    public String help() {
        return "[URL]  step, height, peers with grade, pool and tips of a node (default " + DEFAULT_URL + ")";
    }

    @Override
    public int run(List<String> given) {
        List<String> urls = Arguments.parse(given, Set.of(), Set.of()).positional();
        if (urls.size() > 1) {
            throw new CommandFailed(2, "one URL at most");
        }
        NodeClient node = new NodeClient(NodeAddress.parse(urls.isEmpty() ? DEFAULT_URL : urls.getFirst()));
        try {
            print(node.network().getNode());
        } catch (ApiException e) {
            throw NodeAddress.noAnswer(node.uri(), e);
        }
        return 0;
    }

    private static void print(Node node) {
        System.out.println("chain      " + node.getChainId());
        System.out.println(
                "step       " + node.getStep() + (node.getFailure() == null ? "" : ": " + node.getFailure()));
        System.out.println("platform   " + node.getPlatform() + ", release " + node.getRelease());
        if (node.getSelf() != null) {
            System.out.println("itself     " + node.getSelf().getVerdict() + ", grade "
                    + node.getSelf().getGrade());
        }
        if (node.getHeight() != null) {
            System.out.println("height     " + node.getHeight() + ", round " + node.getRound() + ", state root "
                    + node.getStateRoot() + (Boolean.TRUE.equals(node.getVoting()) ? ", voting" : ", not voting"));
            System.out.println("pool       " + node.getPresignatures() + " presignatures held");
            if (node.getTips() != null) {
                node.getTips().forEach((chain, tip) -> System.out.println("tip        " + chain + " " + tip));
            }
        }
        if (node.getPeers() != null) {
            node.getPeers().forEach(StatusCommand::print);
        }
    }

    private static void print(Peer peer) {
        System.out.println("peer       slot " + peer.getSlot() + " " + peer.getNodeId() + " "
                + (peer.getConnected()
                        ? "connected, grade " + peer.getGrade() + ", boot " + peer.getBootCounter()
                        : "not connected"));
    }
}
