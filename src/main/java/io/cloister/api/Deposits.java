package io.cloister.api;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Deposit;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Reports;
import io.cloister.bridge.runner.Sighting;
import io.cloister.bridge.runner.Sightings;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.EthereumAddress;
import io.cloister.crypto.Signature;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.View;
import io.cloister.mpc.board.Assignment;
import io.cloister.mpc.board.BoardView;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.board.RequestState;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.OutPoint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Deposits from both of their sources: what the ledger has accepted, and before that what this node sees on the chain.
 *
 * @param state the newest state that the index knows
 * @param nowMillis block time
 */
record Deposits(Supplier<View> state, ChainIndex index, Optional<Sightings> sightings, long nowMillis) {

    /** The states of the contract. */
    enum State {
        SEEN,
        CONFIRMING,
        WAITING,
        ACCEPTED,
        SIGNING,
        READY,
        REFUNDED,
        IGNORED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A deposit leaves the sightings only when it is in the state, so they are read first and the state after them. */
    static Deposits of(NodeServices node, ChainIndex index) {
        Ledger ledger = Ready.require(node, node.ledger());
        return new Deposits(
                () -> index.state().orElseGet(ledger::state),
                index,
                node.sightings(),
                Chain.of(node).timeMillis());
    }

    Optional<DepositView> find(OutPoint outpoint) {
        Optional<Sighting> seen = sightings.flatMap(s -> s.of(outpoint));
        View now = state.get();
        return BridgeState.deposit(now, outpoint)
                .map(d -> accepted(d, now))
                .or(() -> seen.flatMap(s -> sighted(s, now)));
    }

    /** Deposits of one transaction on the home chain; its id in wire order. */
    List<DepositView> ofTransaction(Bytes txid) {
        List<Sighting> seen = sightings.map(s -> s.ofTransaction(txid)).orElse(List.of());
        View now = state.get();
        return merged(BridgeState.depositsOf(now, txid), seen, now);
    }

    List<DepositView> at(Gateway gateway) {
        List<Sighting> seen = sightings.map(s -> s.at(gateway.gHash())).orElse(List.of());
        View now = state.get();
        List<Deposit> known = BridgeState.deposits(now).stream()
                .filter(d -> d.gHash().equals(gateway.gHash()))
                .toList();
        return merged(known, seen, now);
    }

    private List<DepositView> merged(List<Deposit> known, List<Sighting> seen, View now) {
        List<OutPoint> accepted = known.stream().map(Deposit::outpoint).toList();
        return Stream.concat(
                        known.stream().map(d -> accepted(d, now)),
                        seen.stream()
                                .filter(s -> !accepted.contains(s.outPoint()))
                                .flatMap(s -> sighted(s, now).stream()))
                .toList();
    }

    /**
     * Empty when the gateway of the sighting is not in this version of the state. What is ignored has no fee, because
     * nothing is minted of it.
     */
    Optional<DepositView> sighted(Sighting sighting, View now) {
        return BridgeState.gateway(now, sighting.gHash()).map(gateway -> {
            Asset asset = BridgeState.asset(now, gateway.asset()).orElseThrow();
            Optional<String> ignored = ignored(sighting, gateway, asset, nowMillis);
            long fee = asset.mintFee(sighting.amount());
            State at = sighting.confirmations() == 0 ? State.SEEN : State.CONFIRMING;
            return new DepositView(
                    sighting.outPoint().toString(),
                    gateway.gHash().to0x(),
                    Long.toString(sighting.amount()),
                    (ignored.isPresent() ? State.IGNORED : at).text(),
                    ignored.orElse(null),
                    sighting.confirmations(),
                    sighting.required(),
                    ignored.isPresent() ? null : Long.toString(fee),
                    ignored.isPresent() ? null : Long.toString(sighting.amount() - fee),
                    TransferHashes.depositHash(
                                    gateway.nonce(),
                                    sighting.outPoint().txid(),
                                    sighting.outPoint().index())
                            .to0x(),
                    TransferHashes.payloadHash(gateway.payload()).to0x(),
                    EthereumAddress.checksum(gateway.recipient()),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        });
    }

    /**
     * Why the ledger would refuse the deposit for good. What was in a block in time can be accepted for some days after
     * the gateway's expiry.
     */
    static Optional<String> ignored(Sighting sighting, Gateway gateway, Asset asset, long nowMillis) {
        if (sighting.amount() < asset.minimumDeposit()) {
            return Optional.of("amount-below-minimum");
        }
        if (sighting.amount() > asset.supply()) {
            return Optional.of("amount-above-supply");
        }
        boolean tooLate =
                sighting.late() || nowMillis > BridgeState.lastAcceptance(gateway, sighting.confirmations() > 0);
        return tooLate ? Optional.of("gateway-expired") : Optional.empty();
    }

    private DepositView accepted(Deposit deposit, View now) {
        Gateway gateway = BridgeState.gateway(now, deposit.gHash()).orElseThrow();
        Asset asset = BridgeState.asset(now, gateway.asset()).orElseThrow();
        Optional<PresignatureId> presignature = BoardView.of(now)
                .request(deposit.mintRequest())
                .flatMap(RequestState::assignment)
                .map(Assignment::presignature);
        Optional<String> waits = BridgeState.waitsBecause(now, asset, deposit);
        State ordered = presignature.isPresent() ? State.SIGNING : State.ACCEPTED;
        State unsigned = waits.isPresent() ? State.WAITING : ordered;
        State minting = deposit.signature().isPresent() ? State.READY : unsigned;
        int required = GatewayView.home(asset).confirmations().required(deposit.amount());
        return new DepositView(
                deposit.outpoint().toString(),
                deposit.gHash().to0x(),
                Long.toString(deposit.amount()),
                (deposit.refunded() ? State.REFUNDED : minting).text(),
                waits.orElse(null),
                (long) required,
                required,
                deposit.refunded() ? null : Long.toString(deposit.fee()),
                deposit.refunded() ? null : Long.toString(deposit.net()),
                deposit.nHash().to0x(),
                TransferHashes.payloadHash(gateway.payload()).to0x(),
                EthereumAddress.checksum(gateway.recipient()),
                deposit.digest().to0x(),
                deposit.signature().map(s -> s.ethereum().to0x()).orElse(null),
                deposit.signature().flatMap(s -> signer(deposit.digest(), s)).orElse(null),
                presignature.map(p -> p.batch() + "/" + p.index()).orElse(null),
                deposit.acceptedHeight(),
                index.mint(Reports.about(deposit.outpoint())).map(Bytes::to0x).orElse(null));
    }

    static Optional<String> signer(Bytes digest, Signature signature) {
        return Ecdsa.recover(digest, signature).map(EthereumAddress::of).map(EthereumAddress::checksum);
    }
}
