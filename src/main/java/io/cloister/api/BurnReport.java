package io.cloister.api;

import io.cloister.api.TransferView.ReferenceView;
import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Reports;
import io.cloister.bridge.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.codec.ethereum.Receipt;
import io.cloister.ledger.View;
import io.cloister.multichain.AddressRefused;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.ethereum.GatewayEvent;
import io.cloister.multichain.ethereum.GatewayEvent.Burned;
import io.cloister.multichain.rpc.EthereumRpc;
import io.cloister.multichain.rpc.RpcException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Points at the transaction of a burn. The node's runner reports burns by itself; this names what they become. */
public record BurnReport(@Nullable String chain, @Nullable String transaction) {
    private static final int MAX_NAME = 32;

    /**
     * The transfers that the transaction's burns become. Nothing is stored: the ledger takes a burn by its proof alone.
     *
     * @throws ApiException for a transaction that is not there, holds no burn, or whose burns cannot be released
     */
    List<ReferenceView> references(Map<String, EthereumRpc> chains, View state) {
        String name = Input.text("chain", chain, MAX_NAME);
        Bytes hash = Input.hash("transaction", transaction);
        EthereumRpc rpc = Optional.ofNullable(chains.get(name))
                .orElseThrow(() ->
                        ApiException.badRequest("unknown-chain", "chain: this node reads no EVM chain of that name"));
        Receipt receipt = receipt(rpc, hash);
        if (!receipt.success()) {
            throw ApiException.unprocessable("transaction-failed", "the transaction was undone, it burnt nothing");
        }
        return references(receipt.logs(), name, state);
    }

    private static Receipt receipt(EthereumRpc rpc, Bytes hash) {
        try {
            return rpc.included(hash)
                    .map(EthereumRpc.Included::receipt)
                    .orElseThrow(() -> ApiException.notFound("unknown-transaction", "no block holds the transaction"));
        } catch (RpcException e) {
            throw ApiException.unavailable("chain-unavailable", "the chain cannot be asked now");
        }
    }

    static List<ReferenceView> references(List<Log> logs, String chain, View state) {
        List<ReferenceView> references = new ArrayList<>();
        for (Asset asset : BridgeState.assets(state)) {
            for (Log log : logs) {
                boolean gateway =
                        asset.evmChain().equals(chain) && log.address().equals(asset.gatewayContract());
                if (gateway && GatewayEvent.decode(log).orElse(null) instanceof Burned burned) {
                    references.add(reference(burned, asset, state));
                }
            }
        }
        if (references.isEmpty()) {
            throw ApiException.unprocessable("no-burn", "the transaction burns nothing at a gateway contract");
        }
        return references;
    }

    private static ReferenceView reference(Burned burned, Asset asset, View state) {
        Bytes id = Reports.transferId(asset, burned.nonce());
        Optional<Transfer> known = BridgeState.transfer(state, id);
        if (known.isEmpty()) {
            requireReleasable(burned, asset);
        }
        return new ReferenceView(
                id.to0x(), TransferView.state(known.map(Transfer::state).orElse(Transfer.State.WAITING)));
    }

    /** The same bounds as the ledger has, told before anybody waits in vain. */
    private static void requireReleasable(Burned burned, Asset asset) {
        if (burned.amount().compareTo(BigInteger.valueOf(asset.supply())) > 0) {
            throw Refusals.problem("amount-above-supply", "there are not more than " + asset.supply());
        }
        if (burned.amount().compareTo(BigInteger.valueOf(asset.minimumBurn())) < 0) {
            throw Refusals.problem("amount-below-minimum", "at least " + asset.minimumBurn() + " must be burnt");
        }
        try {
            BitcoinAddress.toScript(GatewayView.home(asset), burned.recipient());
        } catch (AddressRefused e) {
            throw Refusals.problem("recipient-refused", e.reason() + ": " + e.getMessage());
        }
    }
}
