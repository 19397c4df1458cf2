package io.cloister.api;

import io.cloister.bridge.Accounts;
import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeState;
import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Header;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.View;
import io.cloister.ledger.state.StateProof;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The numbers of an asset with their proof under a certified state root. */
record SolvencyView(
        String asset,
        String locked,
        String minted,
        String feesOwed,
        String inFlight,
        String deficit,
        long height,
        String stateRoot,
        String proof) {
    private static final int TRIES = 20;

    static List<SolvencyView> all(NodeServices node) {
        return all(Ready.require(node, node.ledger()), Chain.of(node));
    }

    static List<SolvencyView> all(Ledger ledger, Chain chain) {
        return BridgeState.assets(ledger.state()).stream()
                .map(asset -> of(asset, ledger, chain))
                .toList();
    }

    /** A block may become final between proof and header, so a pair that does not fit is asked for again. */
    private static SolvencyView of(Asset asset, Ledger ledger, Chain chain) {
        for (int i = 0; i < TRIES; i++) {
            Optional<Header> header = chain.header(ledger.height()).map(CertifiedHeader::header);
            Optional<StateProof> proof = ledger.prove(BridgeState.MODULE, BridgeState.accountsKey(asset.symbol()));
            if (header.isPresent()
                    && proof.isPresent()
                    && proof.get().proves(header.get().stateRoot())) {
                return of(asset, header.get(), proof.get());
            }
        }
        throw ApiException.unavailable("no-certified-state", "no block certifies the accounts yet");
    }

    /** The numbers are read from the proof's own value. */
    static SolvencyView of(Asset asset, Header header, StateProof proof) {
        Bytes key = BridgeState.accountsKey(asset.symbol());
        Accounts accounts = BridgeState.accounts(new Proven(key, proof.value()), asset.symbol());
        return new SolvencyView(
                asset.symbol(),
                Long.toString(accounts.locked()),
                Long.toString(accounts.minted()),
                Long.toString(accounts.feesOwed()),
                Long.toString(accounts.inFlight()),
                Long.toString(accounts.deficit()),
                header.height(),
                header.stateRoot().to0x(),
                proof.encode().to0x());
    }

    /** The part of the state that a proof shows: one key of one module. */
    private record Proven(Bytes key, Bytes value) implements View {
        @Override
        public Optional<Bytes> get(Bytes wanted) {
            return wanted.equals(key) ? Optional.of(value) : Optional.empty();
        }

        @Override
        public SortedMap<Bytes, Bytes> scan(Bytes prefix, int limit) {
            return key.startsWith(prefix) && limit > 0
                    ? new TreeMap<>(Map.of(key, value))
                    : Collections.emptySortedMap();
        }

        @Override
        public View module(int id) {
            return this;
        }
    }
}
