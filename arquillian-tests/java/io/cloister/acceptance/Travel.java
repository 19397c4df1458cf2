package io.cloister.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.cli.demo.DemoFlow;
import io.cloister.client.ApiException;
import io.cloister.client.model.Deposit;
import io.cloister.client.model.Gateway;
import io.cloister.client.model.GatewayRequest;
import io.cloister.client.model.Node;
import io.cloister.client.model.Solvency;
import io.cloister.codec.Bytes;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Deposits on their way through a network whose nodes come and go. */
final class Travel {
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final long PAUSE_MILLIS = 100;

    private final DemoFlow flow;
    private final Gateway gateway;
    private final List<Bytes> paid = new ArrayList<>();

    /** Registers a gateway with this recipient (20 bytes) and payload. */
    Travel(DemoFlow flow, Bytes recipient, Bytes payload) throws Exception {
        this.flow = flow;
        this.gateway = flow.node(0)
                .bridge()
                .createGateway(
                        new GatewayRequest()
                                .asset(flow.asset().symbol())
                                .from(flow.asset().chain())
                                .to(flow.asset().evmChain())
                                .recipient(recipient.to0x())
                                .payload(payload.to0x()),
                        null);
    }

    /** Pays; the payment gets its first confirmation. */
    Bytes pay(long amount) {
        Bytes txid = flow.litecoin().pay(gateway.getAddress(), amount);
        paid.add(txid);
        flow.litecoin().mine(1);
        return txid;
    }

    /** Waits until the node has seen the payment in a block. */
    void awaitSeen(int node, Bytes txid) throws Exception {
        await(
                "node " + (node + 1) + " to see the deposit",
                () -> deposit(node, txid).filter(d -> d.getConfirmations() != null && d.getConfirmations() >= 1));
    }

    /** Waits until the deposit has been accepted; its signature may be on its way. */
    void awaitAccepted(int node, Bytes txid) throws Exception {
        await(
                "the deposit to be accepted",
                () -> deposit(node, txid).filter(d -> switch (d.getState()) {
                    case WAITING, ACCEPTED, SIGNING, READY -> true;
                    case SEEN, CONFIRMING, REFUNDED, IGNORED -> false;
                }));
    }

    private Optional<Deposit> deposit(int node, Bytes txid) throws Exception {
        List<Deposit> found =
                flow.node(node).bridge().findDeposits(txid.reversed().toHex());
        assertThat(found).hasSizeLessThanOrEqualTo(1);
        return found.stream().findFirst();
    }

    /** Every deposit has one signature, the same at all nodes, by a presignature of its own; and nothing is left open. */
    void awaitAllAnsweredOnce() throws Exception {
        Set<String> presignatures = new HashSet<>();
        for (Bytes txid : paid) {
            Set<String> signatures = new HashSet<>();
            Set<String> receipts = new HashSet<>();
            for (int i = 0; i < flow.nodes(); i++) {
                int node = i;
                Deposit ready = await(
                        "node " + (node + 1) + " to have the signature of " + txid,
                        () -> deposit(node, txid).filter(d -> d.getState() == Deposit.StateEnum.READY));
                signatures.add(ready.getSignature());
                // A node knows receipts of its own boot only.
                Optional.ofNullable(ready.getReceipt()).ifPresent(receipts::add);
                if (node == 0) {
                    assertThat(presignatures.add(ready.getPresignature()))
                            .as("a presignature of its own")
                            .isTrue();
                }
            }
            assertThat(signatures).as("signatures of one deposit").hasSize(1);
            assertThat(receipts).as("receipts of one deposit").hasSizeLessThanOrEqualTo(1);
        }
        for (int i = 0; i < flow.nodes(); i++) {
            int node = i;
            assertThat(flow.node(node).bridge().listGatewayDeposits(gateway.getgHash()))
                    .hasSize(paid.size());
            await(
                    "node " + (node + 1) + " to have no open request",
                    () -> flow.node(node).network().listShards().stream()
                            .filter(shard -> shard.getPending() != null && shard.getPending() == 0)
                            .findFirst());
        }
        Solvency accounts = flow.node(0).network().listSolvency().getFirst();
        assertThat(new BigInteger(accounts.getLocked()))
                .isEqualTo(new BigInteger(accounts.getMinted())
                        .add(new BigInteger(accounts.getFeesOwed()))
                        .add(new BigInteger(accounts.getInFlight())));
    }

    /** The node's own signature stands in certificates again, and it has shares of new presignatures. */
    void awaitTakingPart(int node) throws Exception {
        await(
                "node " + (node + 1) + " to vote and to hold presignatures",
                () -> Optional.of(flow.node(node).network().getNode())
                        .filter(it -> Boolean.TRUE.equals(it.getVoting())
                                && it.getPresignatures() != null
                                && it.getPresignatures() > 0));
    }

    /** All nodes have the same state after one and the same block. */
    void awaitEqualStates() throws Exception {
        await("equal state roots at one height", () -> {
            long lowest = Long.MAX_VALUE;
            for (int i = 0; i < flow.nodes(); i++) {
                Node node = flow.node(i).network().getNode();
                lowest = Math.min(lowest, node.getHeight());
            }
            Set<String> roots = new HashSet<>();
            for (int i = 0; i < flow.nodes(); i++) {
                roots.add(flow.node(i).chain().getBlock(lowest).getHeader().getStateRoot());
            }
            assertThat(roots).as("state roots at height " + lowest).hasSize(1);
            return Optional.of(lowest);
        });
    }

    private static <T> T await(String what, Callable<Optional<T>> question) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "no answer";
        while (System.nanoTime() < end) {
            try {
                Optional<T> answer = question.call();
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (ApiException e) {
                last = String.valueOf(e.getMessage());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new AssertionError("waited in vain for " + what + "; last: " + last);
    }
}
