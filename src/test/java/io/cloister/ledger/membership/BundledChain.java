package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.Committed;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.history.HistoryLog;
import io.cloister.ledger.receipt.Bundler;
import io.cloister.ledger.receipt.Decided;
import io.cloister.ledger.receipt.bundle.Bundle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chain with a restart at block 2, a recovery at block 6, another restart at block 8, and a second recovery that decides
 * block 13, of the epoch before, with its keys and opens at block 14; and bundles of it.
 */
public final class BundledChain implements Decided {
    public static final int HEIGHTS = 16;

    private final Boots boots;
    private final int quorum;
    private final HistoryLog history = new HistoryLog();
    private final Map<Bytes, ValidatorSet> sets = new HashMap<>();
    private final Map<Long, Opening> openings = new HashMap<>();
    private final Map<Long, List<KeyClaim>> keys = new HashMap<>();

    public BundledChain() {
        this(4);
    }

    /** @param size validators, at least 4 */
    public BundledChain(int size) {
        boots = new Boots(size);
        quorum = 2 * size / 3 + 1;
        boots.start();
        remember();
        restart(4, 2);
        block();
        boots.boot(4, 2);
        block();
        block();
        Opening first = boots.opening(quorum, 3);
        reboot(2);
        open(first);
        block();
        restart(2, 3);
        block();
        boots.boot(2, 3);
        block();
        block();
        restart(4, 3);
        Opening second = boots.opening(quorum, 4, 5);
        reboot(4);
        keys.put(boots.chain.ledger().height() + 1, second.claims());
        boots.chain.decidedIn(5, List.of());
        remember();
        boots.boot(4, quorum < 4 ? 3 : 4);
        open(second);
        block();
        block();
    }

    /** From now on the slots of the opening sign with this boot's keys. */
    private void reboot(long boot) {
        for (int slot = 1; slot <= quorum; slot++) {
            boots.boot(slot, boot);
        }
    }

    private void open(Opening opening) {
        try {
            boots.chain.block(List.of(), Optional.of(opening));
        } catch (InvalidBlock e) {
            throw new AssertionError(e);
        }
        openings.put(boots.chain.ledger().height(), opening);
        remember();
    }

    private void restart(int slot, long boot) {
        Receipt receipt = boots.run(boots.transaction(slot, boot));
        if (!receipt.succeeded()) {
            throw new AssertionError(receipt);
        }
        remember();
    }

    private void block() {
        boots.pass();
        remember();
    }

    private void remember() {
        sets.put(boots.chain.validators().hash(), boots.chain.validators());
        ValidatorSet next = boots.chain.ledger().validators();
        sets.put(next.hash(), next);
    }

    private Committed committed(long height) {
        return boots.chain.committed.get((int) height - 1);
    }

    @Override
    public Optional<CertifiedHeader> header(long height) {
        return height < 1 || height > boots.chain.committed.size()
                ? Optional.empty()
                : Optional.of(new CertifiedHeader(
                        committed(height).block().header(),
                        committed(height).certificate(),
                        keys.getOrDefault(height, List.of())));
    }

    @Override
    public Optional<Opening> opening(long height) {
        return Optional.ofNullable(openings.get(height));
    }

    @Override
    public Optional<ValidatorSet> validators(long height) {
        return header(height).map(it -> sets.get(it.header().validatorsHash()));
    }

    /** The last receipt of a block, for whoever trusts the set of the height {@code from}. */
    public Bundle bundle(long height, long from) {
        return bundle(height, committed(height).receipts().size() - 1, from);
    }

    /** The first receipt of a block. */
    public Bundle bundleOfFirst(long height, long from) {
        return bundle(height, 0, from);
    }

    private Bundle bundle(long height, int index, long from) {
        List<Receipt> receipts = committed(height).receipts();
        List<Bytes> leaves = receipts.stream().map(Receipt::encode).toList();
        return new Bundler(this, boots.chain.ledger(), history)
                .bundle(receipts.get(index), MerkleTree.path(leaves, index), from)
                .orElseThrow();
    }
}
