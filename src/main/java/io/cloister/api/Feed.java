package io.cloister.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Deposit;
import io.cloister.bridge.EventHub.BlockFinal;
import io.cloister.bridge.EventHub.DepositSeen;
import io.cloister.bridge.EventHub.Entry;
import io.cloister.bridge.EventHub.Said;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Transfer;
import io.cloister.bridge.runner.Sighting;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.ledger.View;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Turns news of the node into events of the interface: block, deposit, gateway, transfer, asset and board.
 *
 * @param state the last committed state, asked anew for each piece of news
 * @param nowMillis block time, asked anew as well
 */
record Feed(Supplier<View> state, LongSupplier nowMillis) {
    private static final int HASH = 32;
    private static final int MAX_NAME = 128;

    /** What a release is after the event of that name. */
    static final Map<String, Transfer.State> RELEASES = Map.of(
            "bridge.burn-accepted", Transfer.State.WAITING,
            "bridge.burn-refused", Transfer.State.REFUSED,
            "bridge.release-undone", Transfer.State.WAITING,
            "bridge.release-planned", Transfer.State.SIGNING,
            "bridge.release-input-signed", Transfer.State.SIGNING,
            "bridge.release-ready", Transfer.State.READY,
            "bridge.release-broadcast", Transfer.State.BROADCAST,
            "bridge.released", Transfer.State.RELEASED);

    /**
     * An event as it is sent.
     *
     * @param gateway the gateway it is about, if it is about one
     * @param transfer the transfer it is about, if it is about one
     */
    record Message(long id, String name, ObjectNode data, Optional<Bytes> gateway, Optional<Bytes> transfer) {}

    /** What a subscriber wants to hear of: everything, or what is about a gateway or a transfer. */
    record Filter(Optional<Bytes> gateway, Optional<Bytes> transfer) {
        boolean wants(Message message) {
            boolean all = gateway.isEmpty() && transfer.isEmpty();
            return all
                    || gateway.isPresent() && gateway.equals(message.gateway())
                    || transfer.isPresent() && transfer.equals(message.transfer());
        }
    }

    Message message(Entry entry) {
        return switch (entry.news()) {
            case BlockFinal(long height, Bytes id, int transactions) ->
                general(
                        entry.id(),
                        "block",
                        object().put("height", height).put("id", id.to0x()).put("transactions", transactions));
            case DepositSeen seen -> deposit(entry.id(), seen);
            case Said said -> said(entry.id(), said);
        };
    }

    private Message deposit(long id, DepositSeen seen) {
        Optional<String> ignored = ignored(seen);
        Deposits.State at = seen.confirmations() == 0 ? Deposits.State.SEEN : Deposits.State.CONFIRMING;
        ObjectNode data = object().put("outpoint", seen.outPoint().toString())
                .put("gHash", seen.gHash().to0x())
                .put("amount", Long.toString(seen.amount()))
                .put("confirmations", seen.confirmations())
                .put("required", seen.required())
                .put("state", (ignored.isPresent() ? Deposits.State.IGNORED : at).text());
        ignored.ifPresent(reason -> data.put("reason", reason));
        return new Message(id, "deposit", data, Optional.of(seen.gHash()), Optional.empty());
    }

    /** Why the ledger would refuse it for good; what the ledger has taken up is not judged again. */
    private Optional<String> ignored(DepositSeen seen) {
        View now = state.get();
        if (BridgeState.deposit(now, seen.outPoint()).isPresent()) {
            return Optional.empty();
        }
        Sighting sighting = new Sighting(
                seen.gHash(), seen.outPoint(), seen.amount(), seen.confirmations(), seen.required(), seen.late());
        return BridgeState.gateway(now, seen.gHash())
                .flatMap(gateway -> Deposits.ignored(sighting, gateway, asset(gateway), nowMillis.getAsLong()));
    }

    private Message said(long id, Said said) {
        String name = said.event().name();
        Bytes data = said.event().data();
        Optional<Message> known = switch (name) {
            case "bridge.gateway-registered" -> gateway(id, data);
            case "bridge.deposit-accepted" -> deposit(id, said, Deposits.State.ACCEPTED);
            case "bridge.mint-signed" -> deposit(id, said, Deposits.State.READY);
            case "bridge.deposit-refunded" -> deposit(id, said, Deposits.State.REFUNDED);
            case "bridge.paused" -> Optional.of(paused(id, said));
            case "bridge.resumed" -> Optional.of(general(id, "asset", what(said).put("asset", data.asUtf8())));
            case "bridge.block-observed" -> Optional.of(observed(id, said));
            default -> RELEASES.containsKey(name) ? transfer(id, said) : Optional.empty();
        };
        return known.orElseGet(() -> general(id, name.startsWith("bridge.") ? "asset" : "board", what(said)));
    }

    private Optional<Message> gateway(long id, Bytes gHash) {
        return BridgeState.gateway(state.get(), gHash).map(gateway -> {
            ObjectNode data = object().put("gHash", gHash.to0x())
                    .put("asset", gateway.asset())
                    .put("address", gateway.script().address(GatewayView.home(asset(gateway))))
                    .put("expiry", Chain.time(gateway.expiryMillis()));
            return new Message(id, "gateway", data, Optional.of(gHash), Optional.empty());
        });
    }

    /** An accepted deposit has at least the confirmations that it needs; the node counts no further. */
    private Optional<Message> deposit(long id, Said said, Deposits.State at) {
        OutPoint outpoint = OutPoint.decode(new Reader(said.event().data()));
        View now = state.get();
        Optional<Deposit> found = BridgeState.deposit(now, outpoint);
        return found.map(deposit -> {
            Gateway gateway = BridgeState.gateway(now, deposit.gHash()).orElseThrow();
            int required = GatewayView.home(asset(gateway)).confirmations().required(deposit.amount());
            ObjectNode data = object().put("outpoint", outpoint.toString())
                    .put("gHash", deposit.gHash().to0x())
                    .put("amount", Long.toString(deposit.amount()))
                    .put("confirmations", required)
                    .put("required", required)
                    .put("state", at.text())
                    .put("height", said.height());
            return new Message(id, "deposit", data, Optional.of(deposit.gHash()), Optional.empty());
        });
    }

    private Optional<Message> transfer(long id, Said said) {
        Bytes transferId = said.event().data().slice(0, HASH);
        Transfer.State at = Objects.requireNonNull(RELEASES.get(said.event().name()));
        return BridgeState.transfer(state.get(), transferId).map(transfer -> {
            ObjectNode data = object().put("id", transferId.to0x())
                    .put("asset", transfer.asset())
                    .put("amount", Long.toString(transfer.amount()))
                    .put("state", at.name().toLowerCase(Locale.ROOT))
                    .put("height", said.height());
            return new Message(id, "transfer", data, Optional.empty(), Optional.of(transferId));
        });
    }

    private static Message paused(long id, Said said) {
        Reader in = new Reader(said.event().data());
        return general(id, "asset", what(said).put("asset", in.string(MAX_NAME)).put("reason", in.string(MAX_NAME)));
    }

    private static Message observed(long id, Said said) {
        Reader in = new Reader(said.event().data());
        return general(
                id,
                "asset",
                what(said)
                        .put("chain", in.string(MAX_NAME))
                        .put("tip", in.u64())
                        .put("hash", in.fixed(HASH).to0x()));
    }

    private Asset asset(Gateway gateway) {
        return BridgeState.asset(state.get(), gateway.asset()).orElseThrow();
    }

    private static Message general(long id, String name, ObjectNode data) {
        return new Message(id, name, data, Optional.empty(), Optional.empty());
    }

    private static ObjectNode what(Said said) {
        return object().put("what", said.event().name()).put("height", said.height());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
