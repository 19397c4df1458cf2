package io.cloister.bridge;

import io.cloister.bridge.BridgeState.FeeStatement;
import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.ledger.Context;
import io.cloister.ledger.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How facts of other chains come in: a block hash counts when validators of more than two thirds of the weight have
 * stated the same one; a fee rate is the weighted median of what they last stated, within the caps of the assets.
 */
final class Observations {
    /** Most blocks that one transaction may state. */
    static final int MAX_BLOCKS = 32;

    /** Most open statements about blocks of one chain that are kept of one validator. */
    static final int MAX_OPEN = 256;

    private Observations() {}

    /** A validator states that these blocks of a chain are final there. */
    record Blocks(String chain, List<Stated> blocks) {
        record Stated(long height, Bytes hash) {}

        Bytes encode() {
            return new Writer()
                    .string(chain)
                    .list(blocks, (w, b) -> w.u64(b.height()).fixed(b.hash()))
                    .toBytes();
        }

        static Blocks decode(Bytes body) {
            Reader in = new Reader(body);
            Blocks blocks = new Blocks(in.string(32), in.list(MAX_BLOCKS, r -> new Stated(r.u64(), r.fixed(32))));
            in.end();
            return blocks;
        }
    }

    /** A validator states what a chain asks for inclusion, in units per 1,000 virtual bytes. */
    record FeeRate(String chain, long rate) {
        Bytes encode() {
            return new Writer().string(chain).u64(rate).toBytes();
        }

        static FeeRate decode(Bytes body) {
            Reader in = new Reader(body);
            FeeRate rate = new FeeRate(in.string(32), in.u64());
            in.end();
            return rate;
        }
    }

    static void state(Blocks stated, Context context) throws Refusal {
        requireKnown(stated.chain(), context);
        Bytes own = statements(stated.chain(), context.sender().orElseThrow());
        boolean news = false;
        for (Blocks.Stated block : stated.blocks()) {
            Bytes at = BridgeState.at(stated.chain(), block.height());
            if (BridgeState.OBSERVED.get(context, at).isEmpty()) {
                BridgeState.STATEMENTS.put(context, at(own, block.height()), block.hash());
                count(stated.chain(), block, at, context);
                news = true;
            }
        }
        if (!news) {
            throw new Refusal("already-observed", "all the stated blocks are observed");
        }
        dropLowest(own, context);
    }

    /** What others do not confirm cannot pile up: of a validator's open statements the lowest blocks go first. */
    private static void dropLowest(Bytes own, Context context) {
        List<Bytes> open = BridgeState.STATEMENTS.keys(context, own, BridgeState.MAX_LIST);
        for (Bytes key : open.subList(0, Math.max(0, open.size() - MAX_OPEN))) {
            BridgeState.STATEMENTS.remove(context, key);
        }
    }

    private static void count(String chain, Blocks.Stated block, Bytes at, Context context) {
        ValidatorSet validators = context.validators();
        long agreeing = 0;
        for (Validator validator : validators.validators()) {
            boolean same = BridgeState.STATEMENTS
                    .get(context, at(statements(chain, validator), block.height()))
                    .filter(block.hash()::equals)
                    .isPresent();
            agreeing += same ? validator.weight() : 0;
        }
        if (validators.isQuorum(agreeing)) {
            BridgeState.OBSERVED.put(context, at, block.hash());
            long tip = Math.max(block.height(), BridgeState.observedTip(context, chain));
            BridgeState.TIPS.put(context, BridgeState.name(chain), tip);
            for (Validator validator : validators.validators()) {
                BridgeState.STATEMENTS.remove(context, at(statements(chain, validator), block.height()));
            }
            context.emit(
                    "bridge.block-observed",
                    new Writer()
                            .string(chain)
                            .u64(block.height())
                            .fixed(block.hash())
                            .toBytes());
        }
    }

    static void state(FeeRate stated, Context context) throws Refusal {
        requireKnown(stated.chain(), context);
        Validator sender = context.sender().orElseThrow();
        BridgeState.FEE_STATEMENTS.put(
                context, statements(stated.chain(), sender), new FeeStatement(stated.rate(), context.height()));
        median(stated.chain(), context)
                .ifPresent(rate -> BridgeState.FEE_RATES.put(context, BridgeState.name(stated.chain()), rate));
    }

    /** The rate in force; none when too few statements are young enough, and then it is forgotten. */
    static Optional<Long> current(String chain, Context context) {
        Optional<Long> rate = median(chain, context);
        if (rate.isEmpty()) {
            BridgeState.FEE_RATES.remove(context, BridgeState.name(chain));
        }
        return rate;
    }

    /** The weighted lower median of statements that are not too old, once they hold a quorum. */
    private static Optional<Long> median(String chain, Context context) {
        record Weighted(long rate, long weight) {}
        List<Weighted> statements = new ArrayList<>();
        long total = 0;
        for (Validator validator : context.validators().validators()) {
            Optional<FeeStatement> statement = BridgeState.FEE_STATEMENTS.get(context, statements(chain, validator));
            if (statement.isPresent() && statement.get().height() + BridgeState.FEE_LIFETIME >= context.height()) {
                statements.add(new Weighted(statement.get().rate(), validator.weight()));
                total += validator.weight();
            }
        }
        if (!context.validators().isQuorum(total)) {
            return Optional.empty();
        }
        statements.sort(Comparator.comparingLong(Weighted::rate));
        long passed = 0;
        for (Weighted each : statements) {
            passed += each.weight();
            if (2 * passed >= total) {
                return Optional.of(each.rate());
            }
        }
        throw new IllegalStateException("weights do not add up");
    }

    private static void requireKnown(String chain, Context context) throws Refusal {
        boolean known = BridgeState.assets(context).stream()
                .anyMatch(a -> a.chain().equals(chain) || a.evmChain().equals(chain));
        if (!known) {
            throw new Refusal("unknown-chain", "no asset lives on " + chain);
        }
    }

    /** By node, not by slot, so that what a node said is never counted as its successor's word. */
    private static Bytes statements(String chain, Validator validator) {
        return new Writer().string(chain).fixed(validator.nodeId()).toBytes();
    }

    private static Bytes at(Bytes statements, long height) {
        return Bytes.concat(statements, new Writer().u64(height).toBytes());
    }
}
