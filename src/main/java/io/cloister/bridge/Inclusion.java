package io.cloister.bridge;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.View;
import io.cloister.multichain.ConfirmationPolicy;
import io.cloister.multichain.ProofRefused;
import io.cloister.multichain.bitcoin.BitcoinHeader;
import io.cloister.multichain.bitcoin.SpvProof;
import java.util.List;

/**
 * That a transaction stands in an observed block.
 *
 * @param height of the block
 * @param above headers of the blocks on top, for amounts that need more depth; the last one's block is observed too
 */
record Inclusion(long height, SpvProof proof, List<BitcoinHeader> above) {
    /** Most headers on top; no servable chain asks for more. */
    static final int MAX_ABOVE = 200;

    Inclusion {
        above = List.copyOf(above);
    }

    void encode(Writer out) {
        out.u64(height);
        proof.encode(out);
        out.list(above, (w, h) -> w.fixed(h.raw()));
    }

    static Inclusion decode(Reader in) {
        return new Inclusion(
                in.u64(),
                SpvProof.decode(in),
                in.list(MAX_ABOVE, r -> new BitcoinHeader(r.fixed(BitcoinHeader.LENGTH))));
    }

    /** Checks the proof against the block that validators have observed at this height. */
    SpvProof.Proven prove(Asset asset, View state) throws Refusal {
        return prove(proof, asset, height, state);
    }

    static SpvProof.Proven prove(SpvProof proof, Asset asset, long height, View state) throws Refusal {
        try {
            return proof.check(Gateways.profile(asset), observed(asset, height, state));
        } catch (ProofRefused e) {
            throw new Refusal("proof-refused", e.reason() + ": " + e.getMessage());
        }
    }

    /** The cheap half of the proof: the header is the observed block's. */
    void requireObserved(Asset asset, View state) throws Refusal {
        if (!proof.header().hash().equals(observed(asset, height, state))) {
            throw new Refusal("proof-refused", "the header is not the observed block's");
        }
    }

    /**
     * Blocks that are known to stand on top of this one: each names its parent, and the last is observed. Without that a
     * height says nothing, for it may belong to another branch.
     */
    int depth(Asset asset, View state) throws Refusal {
        Bytes parent = proof.header().hash();
        for (BitcoinHeader header : above) {
            if (!header.parent().equals(parent)) {
                throw new Refusal("proof-refused", "the headers on top do not follow each other");
            }
            parent = header.hash();
        }
        boolean observed = BridgeState.observed(state, asset.chain(), height + above.size())
                .filter(parent::equals)
                .isPresent();
        return observed ? above.size() : 0;
    }

    /** Blocks on top that an amount needs: the observed block itself has the floor's confirmations already. */
    static int needed(Asset asset, long amount) {
        ConfirmationPolicy policy = Gateways.profile(asset).confirmations();
        return policy.required(amount) - policy.floor();
    }

    private static Bytes observed(Asset asset, long height, View state) throws Refusal {
        return BridgeState.observed(state, asset.chain(), height)
                .orElseThrow(() -> new Refusal(
                        "block-not-observed", "no block of " + asset.chain() + " is observed at " + height));
    }
}
