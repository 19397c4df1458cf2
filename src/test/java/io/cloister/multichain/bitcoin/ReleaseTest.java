package io.cloister.multichain.bitcoin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.multichain.bitcoin.ReleaseRefused.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReleaseTest {
    private static final GatewayFixture FIXTURE = new GatewayFixture();
    private static final GatewayScript GATEWAY = FIXTURE.gateway("release");
    private static final Bytes PAYEE =
            BitcoinAddress.toScript(FIXTURE.profile, FIXTURE.gateway("payee").address(FIXTURE.profile));
    private static final long DUST = FeePolicy.dust(FIXTURE.profile, PAYEE);

    @Property(tries = 400)
    void balancesToTheUnitOrSaysWhyNot(
            @ForAll @Size(min = 1, max = 12) List<@LongRange(min = 1, max = 2_000_000) Long> coins,
            @ForAll @Size(min = 1, max = 4) List<@LongRange(min = 1, max = 3_000_000) Long> owed,
            @ForAll @LongRange(min = 1_000, max = 50_000) long rate,
            @ForAll @IntRange(max = 5_000) int maxAbsorbed) {
        List<GatewayCoin> held = coins(coins.stream().mapToLong(Long::longValue));
        List<Payout> payouts =
                owed.stream().map(amount -> new Payout(PAYEE, amount)).toList();
        Release release;
        try {
            release = plan(held, payouts, rate, maxAbsorbed);
        } catch (ReleaseRefused refused) {
            checkRefusal(refused, held, payouts);
            return;
        }
        long in = release.spend().coins().stream().mapToLong(GatewayCoin::value).sum();
        long out = release.spend().transaction().outputs().stream()
                .mapToLong(TxOutput::value)
                .sum();
        long payoutSum = owed.stream().mapToLong(Long::longValue).sum();
        long change =
                release.changeCoin(FIXTURE.vault()).map(GatewayCoin::value).orElse(0L);
        long received =
                IntStream.range(0, payouts.size()).mapToLong(release::received).sum();
        assertThat(in).isEqualTo(out + release.minersFee() + release.absorbed());
        assertThat(payoutSum).isEqualTo(received + release.minersFee());
        assertThat(in - payoutSum).as("what the bridge keeps").isEqualTo(change + release.absorbed());
        assertThat(release.absorbed()).isBetween(0L, (long) maxAbsorbed);
        assertThat(release.spend().transaction().outputs()).allMatch(output -> output.value() >= DUST);
        assertThat(release.spend().transaction().inputs())
                .isSortedAccordingTo((a, b) -> a.outPoint().compareTo(b.outPoint()));
    }

    private static void checkRefusal(ReleaseRefused refused, List<GatewayCoin> held, List<Payout> payouts) {
        long in = held.stream().mapToLong(GatewayCoin::value).sum();
        long owed = payouts.stream().mapToLong(Payout::amount).sum();
        if (refused.reason() == Reason.INSUFFICIENT_FUNDS) {
            assertThat(in).isLessThan(owed);
        } else {
            assertThat(refused.reason()).isIn(Reason.PAYOUT_IS_DUST, Reason.CHANGE_IS_DUST);
        }
    }

    @Property(tries = 100)
    void isTheSameWhateverTheOrderOfTheCoins(
            @ForAll long seed, @ForAll @LongRange(min = 20_000, max = 900_000) long owed) {
        List<GatewayCoin> coins = coins(new Random(seed).longs(9, 5_000, 300_000));
        List<GatewayCoin> shuffled = new ArrayList<>(coins);
        Collections.shuffle(shuffled, new Random(seed));
        List<Payout> payouts = List.of(new Payout(PAYEE, owed));
        try {
            Release release = plan(coins, payouts, 1_000, 0);
            assertThat(plan(shuffled, payouts, 1_000, 0)).isEqualTo(release);
            Writer writer = new Writer();
            release.encode(writer);
            Reader reader = new Reader(writer.toBytes());
            assertThat(Release.decode(reader)).isEqualTo(release);
            reader.end();
        } catch (ReleaseRefused refused) {
            assertThatThrownBy(() -> plan(shuffled, payouts, 1_000, 0)).hasMessage(refused.getMessage());
        }
    }

    @Property(tries = 30)
    void estimatesTheSizeFromAboveByAtMostAByteForEachInput(@ForAll @IntRange(min = 1, max = 20) int inputs) {
        List<GatewayCoin> coins = coins(LongStream.generate(() -> 100_000).limit(inputs));
        Release release = plan(coins, List.of(new Payout(PAYEE, 100_000L * inputs - 50_000)), 1_000, 0);
        long real = FIXTURE.signed(release.spend()).virtualSize();
        List<Bytes> scripts = release.spend().transaction().outputs().stream()
                .map(TxOutput::script)
                .toList();
        assertThat(FeePolicy.virtualSize(release.spend().coins(), scripts)).isBetween(real, real + inputs);
    }

    @Test
    void takesTheSmallestCoinThatSufficesAlone() {
        List<GatewayCoin> coins = coins(LongStream.of(900_000, 200_000, 150_000, 10_000));
        Release release = plan(coins, List.of(new Payout(PAYEE, 140_000)), 1_000, 0);
        assertThat(release.spend().coins())
                .singleElement()
                .extracting(GatewayCoin::value)
                .isEqualTo(150_000L);
    }

    @Test
    void takesOneMoreCoinRatherThanLeaveDust() {
        List<GatewayCoin> coins = coins(LongStream.of(100_000, 60_000));
        Release release = plan(coins, List.of(new Payout(PAYEE, 100_000 - DUST + 1)), 1_000, 0);
        assertThat(release.spend().coins()).hasSize(2);
        assertThat(release.absorbed()).isZero();
    }

    @Test
    void givesDustToTheMinerOnlyAsFarAsAllowed() {
        List<GatewayCoin> coins = coins(LongStream.of(100_000));
        List<Payout> payouts = List.of(new Payout(PAYEE, 99_500));
        refuses(() -> plan(coins, payouts, 1_000, 499), Reason.CHANGE_IS_DUST);
        assertThat(plan(coins, payouts, 1_000, 500).absorbed()).isEqualTo(500);
    }

    @Test
    void spendsAtMostAHundredCoins() {
        List<GatewayCoin> coins = coins(LongStream.generate(() -> 10_000).limit(150));
        assertThat(plan(coins, List.of(new Payout(PAYEE, 1_000_000)), 1_000, 0)
                        .spend()
                        .coins())
                .satisfies(spent -> assertThat(spent.size()).isEqualTo(100));
        refuses(() -> plan(coins, List.of(new Payout(PAYEE, 1_200_000)), 1_000, 0), Reason.TOO_MANY_INPUTS);
    }

    @Test
    void refusesWhatCannotBePaid() {
        List<GatewayCoin> coins = coins(LongStream.of(100_000));
        refuses(() -> plan(coins, List.of(new Payout(PAYEE, 100_001)), 1_000, 0), Reason.INSUFFICIENT_FUNDS);
        refuses(() -> plan(List.of(), List.of(new Payout(PAYEE, 1)), 1_000, 0), Reason.INSUFFICIENT_FUNDS);
        refuses(() -> plan(coins, List.of(new Payout(PAYEE, DUST)), 1_000, 0), Reason.PAYOUT_IS_DUST);
        refuses(() -> plan(coins, List.of(), 1_000, 0), Reason.PAYOUTS);
        refuses(() -> plan(coins, List.of(new Payout(PAYEE, 50_000)), 999, 0), Reason.FEE_RATE);
        refuses(() -> plan(coins, List.of(new Payout(PAYEE, 50_000)), 1_000_001, 0), Reason.FEE_RATE);
    }

    private static Release plan(List<GatewayCoin> coins, List<Payout> payouts, long rate, long maxAbsorbed) {
        return Release.plan(FIXTURE.profile, coins, payouts, FIXTURE.vault(), rate, maxAbsorbed);
    }

    private static List<GatewayCoin> coins(LongStream values) {
        List<GatewayCoin> coins = new ArrayList<>();
        values.forEach(value -> coins.add(new GatewayCoin(
                new OutPoint(Hashes.sha256(Bytes.of((byte) coins.size())), coins.size()), value, GATEWAY)));
        return coins;
    }

    private static void refuses(Runnable action, Reason reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ReleaseRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }
}
