package io.cloister.multichain.bitcoin;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.multichain.BitcoinProfile;
import io.cloister.multichain.bitcoin.ReleaseRefused.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A payment from the committee's coins to users, the same bytes at every node.
 *
 * <p>Exactly: sum of coins = sum of outputs + fee. The fee is {@code minersFee}, which the payouts bear in equal shares
 * (the first ones one unit more where it does not divide), plus {@code absorbed}, change too small for an output, which
 * the bridge bears. Outputs stand in the order of the payouts, change last.
 *
 * @param spend the transaction to sign
 * @param payouts number of outputs that are payouts
 * @param minersFee in the chain's smallest unit, taken from the payouts
 * @param absorbed given to the miner on top, 0 when there is change or nothing is left over
 */
public record Release(GatewaySpend spend, int payouts, long minersFee, long absorbed) {

    /**
     * Plans a release.
     *
     * <p>Coins: the smallest one that suffices alone; else from the largest down until they suffice. What they must
     * reach is the payouts' sum exactly, or the sum and a change output that is no dust; where only dust would be left
     * over, one more coin is taken, and where there is none the rest goes to the miner if {@code maxAbsorbed} allows
     * it.
     *
     * @param coins that may be spent, in any order
     * @param payouts in the order in which they are to stand
     * @param change where the rest goes
     * @param feeRate units per 1000 virtual bytes, as agreed by the committee
     * @param maxAbsorbed most that may be given away as change too small for an output
     * @throws ReleaseRefused when it cannot be built
     */
    public static Release plan(
            BitcoinProfile profile,
            List<GatewayCoin> coins,
            List<Payout> payouts,
            GatewayScript change,
            long feeRate,
            long maxAbsorbed) {
        if (payouts.isEmpty() || payouts.size() >= GatewaySpend.MAX_OUTPUTS) {
            throw new ReleaseRefused(Reason.PAYOUTS, payouts.size() + " payouts in one release");
        }
        if (feeRate < profile.minimumFeeRate() || feeRate > profile.maximumFeeRate()) {
            throw new ReleaseRefused(Reason.FEE_RATE, "fee rate " + feeRate + " outside floor and cap");
        }
        long owed = payouts.stream().mapToLong(Payout::amount).reduce(0, Math::addExact);
        long leastChange = FeePolicy.dust(profile, change.output());
        List<GatewayCoin> chosen = choose(coins, owed, leastChange, maxAbsorbed);
        long rest = sum(chosen) - owed;
        boolean hasChange = rest >= leastChange;

        List<Bytes> scripts = new ArrayList<>();
        payouts.forEach(payout -> scripts.add(payout.script()));
        if (hasChange) {
            scripts.add(change.output());
        }
        long fee = FeePolicy.fee(FeePolicy.virtualSize(chosen, scripts), feeRate);
        List<TxOutput> outputs = new ArrayList<>(paid(profile, payouts, fee));
        if (hasChange) {
            outputs.add(new TxOutput(rest, change.output()));
        }
        GatewaySpend spend = GatewaySpend.of(chosen, outputs, TxInput.REPLACEABLE);
        return new Release(spend, payouts.size(), fee, hasChange ? 0 : rest);
    }

    /**
     * Joins coins into one of the committee's own: no payouts, change only, and the bridge bears the fee.
     *
     * @param fee less than the coins' sum by more than dust
     */
    public static Release join(List<GatewayCoin> coins, GatewayScript into, long fee) {
        List<GatewayCoin> ordered = coins.stream()
                .sorted(Comparator.comparing(GatewayCoin::outPoint))
                .toList();
        List<TxOutput> change = List.of(new TxOutput(sum(coins) - fee, into.output()));
        return new Release(GatewaySpend.of(ordered, change, TxInput.REPLACEABLE), 0, 0, fee);
    }

    private static List<TxOutput> paid(BitcoinProfile profile, List<Payout> payouts, long fee) {
        long share = fee / payouts.size();
        long odd = fee % payouts.size();
        List<TxOutput> outputs = new ArrayList<>();
        for (int i = 0; i < payouts.size(); i++) {
            Payout payout = payouts.get(i);
            long value = payout.amount() - share - (i < odd ? 1 : 0);
            if (value < FeePolicy.dust(profile, payout.script())) {
                throw new ReleaseRefused(
                        Reason.PAYOUT_IS_DUST, "payout " + i + " of " + payout.amount() + " leaves " + value);
            }
            outputs.add(new TxOutput(value, payout.script()));
        }
        return outputs;
    }

    private static List<GatewayCoin> choose(List<GatewayCoin> coins, long owed, long leastChange, long maxAbsorbed) {
        Comparator<GatewayCoin> bySize =
                Comparator.comparingLong(GatewayCoin::value).thenComparing(GatewayCoin::outPoint);
        List<GatewayCoin> ascending = coins.stream().sorted(bySize).toList();
        List<GatewayCoin> chosen = alone(ascending, owed, leastChange)
                .map(List::of)
                .orElseGet(() -> together(ascending.reversed(), owed, leastChange));
        long rest = sum(chosen) - owed;
        if (rest < 0) {
            throw new ReleaseRefused(
                    chosen.size() < coins.size() ? Reason.TOO_MANY_INPUTS : Reason.INSUFFICIENT_FUNDS,
                    sum(chosen) + " in " + chosen.size() + " coins for payouts of " + owed);
        }
        if (rest < leastChange && rest > maxAbsorbed) {
            throw new ReleaseRefused(Reason.CHANGE_IS_DUST, "change of " + rest + " is dust");
        }
        return chosen.stream()
                .sorted(Comparator.comparing(GatewayCoin::outPoint))
                .toList();
    }

    private static Optional<GatewayCoin> alone(List<GatewayCoin> ascending, long owed, long leastChange) {
        return ascending.stream()
                .filter(coin -> suffices(coin.value(), owed, leastChange))
                .findFirst();
    }

    private static List<GatewayCoin> together(List<GatewayCoin> descending, long owed, long leastChange) {
        List<GatewayCoin> chosen = new ArrayList<>();
        long sum = 0;
        for (GatewayCoin coin : descending) {
            if (chosen.size() == GatewaySpend.MAX_INPUTS || suffices(sum, owed, leastChange)) {
                break;
            }
            chosen.add(coin);
            sum = Math.addExact(sum, coin.value());
        }
        return chosen;
    }

    private static boolean suffices(long sum, long owed, long leastChange) {
        return sum == owed || sum >= owed && sum - owed >= leastChange;
    }

    private static long sum(List<GatewayCoin> coins) {
        return coins.stream().mapToLong(GatewayCoin::value).reduce(0, Math::addExact);
    }

    /** The id in wire order, final before anything is signed. */
    public Bytes txid() {
        return spend.txid();
    }

    /** What the payee at this position receives. */
    public long received(int payout) {
        if (payout >= payouts) {
            throw new IndexOutOfBoundsException(payout);
        }
        return spend.transaction().outputs().get(payout).value();
    }

    /** The new coin of the committee, if there is change. */
    public Optional<GatewayCoin> changeCoin(GatewayScript change) {
        List<TxOutput> outputs = spend.transaction().outputs();
        if (outputs.size() == payouts) {
            return Optional.empty();
        }
        return Optional.of(
                new GatewayCoin(new OutPoint(txid(), payouts), outputs.getLast().value(), change));
    }

    public void encode(Writer writer) {
        spend.encode(writer);
        writer.u32(payouts).u64(minersFee).u64(absorbed);
    }

    public static Release decode(Reader reader) {
        return new Release(GatewaySpend.decode(reader), Math.toIntExact(reader.u32()), reader.u64(), reader.u64());
    }
}
