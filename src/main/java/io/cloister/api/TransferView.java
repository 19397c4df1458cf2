package io.cloister.api;

import io.cloister.bridge.Asset;
import io.cloister.bridge.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A burn and its release. */
record TransferView(
        String id,
        String asset,
        long burnNonce,
        long evmHeight,
        long transactionIndex,
        int logIndex,
        String amount,
        String bridgeFee,
        String minerFee,
        @Nullable String received,
        String recipient,
        String state,
        int signatures,
        int inputs,
        @Nullable String txid,
        @Nullable String raw,
        long acceptedHeight) {

    /** A transfer to watch. */
    record ReferenceView(String id, String state) {}

    static TransferView of(Transfer transfer, Asset asset) {
        Optional<Bytes> raw = Optional.of(transfer.raw()).filter(r -> !r.isEmpty());
        return new TransferView(
                transfer.id().to0x(),
                transfer.asset(),
                transfer.burnNonce(),
                transfer.evmHeight(),
                transfer.transactionIndex(),
                transfer.logIndex(),
                Long.toString(transfer.amount()),
                Long.toString(transfer.bridgeFee()),
                Long.toString(transfer.minerFee()),
                transfer.release().isPresent() ? Long.toString(transfer.received()) : null,
                BitcoinAddress.ofScript(GatewayView.home(asset), transfer.recipientScript())
                        .orElseGet(() -> transfer.recipientScript().toHex()),
                state(transfer.state()),
                (int) transfer.signatures().stream().filter(Optional::isPresent).count(),
                transfer.signatures().size(),
                transfer.txid().map(t -> t.reversed().toHex()).orElse(null),
                raw.map(Bytes::toHex).orElse(null),
                transfer.acceptedHeight());
    }

    static String state(Transfer.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
