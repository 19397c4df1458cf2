package io.cloister.cli;

import io.cloister.attestation.BootKeySet;
import io.cloister.attestation.Policy;
import io.cloister.bridge.genesis.AssetsFile;
import io.cloister.bridge.genesis.GenesisFile;
import io.cloister.channel.PeerAddress;
import io.cloister.cli.NodeClient.Attested;
import io.cloister.client.ApiException;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.MembershipRules;
import io.cloister.ledger.membership.NodeRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes a network from nodes that have proved what they are. Slots go in the order of the nodes given. */
public final class Founding {
    /** Smallest committee. */
    public static final int MINIMUM = 4;

    private Founding() {}

    /**
     * Verifies every node's evidence by the policy and writes down what they say of themselves.
     *
     * @throws CommandFailed with code 1 when a node is refused, does not answer, is named twice, or they are not of one chain
     */
    public static GenesisFile found(List<NodeClient> nodes, Policy policy, MembershipRules rules, AssetsFile assets) {
        if (nodes.size() < MINIMUM) {
            throw new CommandFailed(2, "a committee has at least " + MINIMUM + " nodes");
        }
        List<Member> members = new ArrayList<>();
        List<PeerAddress> addresses = new ArrayList<>();
        String chainId = "";
        for (NodeClient node : nodes) {
            Attested attested = attest(node, policy);
            NodeRecord record = attested.record();
            if (!chainId.isEmpty() && !chainId.equals(record.chainId())) {
                throw new CommandFailed(1, node.uri() + " is of chain " + record.chainId() + ", not " + chainId);
            }
            if (addresses.stream().anyMatch(known -> known.nodeId().equals(record.nodeId()))) {
                throw new CommandFailed(1, node.uri() + " is a node that another of these addresses names as well");
            }
            chainId = record.chainId();
            members.add(member(members.size() + 1, attested));
            addresses.add(new PeerAddress(record.nodeId(), record.host(), record.port()));
        }
        return new GenesisFile(
                chainId,
                Instant.now().toEpochMilli(),
                policy,
                rules,
                members,
                addresses,
                assets.assets(),
                assets.checkpoints());
    }

    private static Attested attest(NodeClient node, Policy policy) {
        try {
            Attested attested = node.attest(policy);
            if (!attested.verdict().accepted()) {
                throw new CommandFailed(
                        1, node.uri() + " is refused: " + attested.verdict().summary());
            }
            return attested;
        } catch (ApiException e) {
            throw NodeAddress.noAnswer(node.uri(), e);
        }
    }

    private static Member member(int slot, Attested attested) {
        BootKeySet keys = attested.evidence().keys();
        return new Member(
                slot,
                keys.nodeId(),
                keys.voteKey33(),
                attested.record().epochKey(),
                keys.shareKey33(),
                keys.bootCounter(),
                0,
                attested.verdict().grade().name(),
                Hashes.sha256(attested.evidence().encode()));
    }
}
