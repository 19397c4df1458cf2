package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cloister.bridge.TestLitecoin.Mined;
import io.cloister.codec.Bytes;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.TxOutput;
import java.util.List;
import org.junit.jupiter.api.Test;

class SafetyTest {
    private static final Asset LTC = BridgeFixture.LTC;
    private static final Asset SECOND = BridgeFixture.asset("LTC2", Bytes.hex("c2".repeat(20)));

    private final BridgeFixture bridge = new BridgeFixture(256, LTC, SECOND);

    private void vote(boolean pause, int... slots) {
        bridge.runAll(BridgeModule.PAUSE, Reports.pause(LTC.symbol(), pause), slots);
    }

    /** Somebody spends this output in an observed block. */
    private Bytes spendReport(OutPoint coin) {
        BitcoinTransaction theft = TestLitecoin.spend(coin, List.of(new TxOutput(1_000, TestLitecoin.somebody(6))));
        Mined mined = bridge.litecoin.mine(theft);
        bridge.observeLitecoin(mined.height());
        return Reports.spend(LTC.symbol(), mined.height(), bridge.litecoin.proof(mined));
    }

    @Test
    void moreThanAThirdPausesAndMoreThanTwoThirdsResume() {
        vote(true, 1);
        assertThat(bridge.paused()).isEmpty();
        vote(true, 1);
        assertThat(bridge.paused()).as("one vote counts once").isEmpty();
        vote(true, 4);
        assertThat(bridge.paused()).contains("validators asked for it");
        vote(false, 1, 2);
        assertThat(bridge.paused()).isPresent();
        vote(false, 3);
        assertThat(bridge.paused()).isEmpty();
        assertThat(bridge.run(1, BridgeModule.PAUSE, Reports.pause("DOGE", true))
                        .code())
                .isEqualTo("unknown-asset");
        assertThat(BridgeState.pausedBecause(bridge.state(), SECOND.symbol())).isEmpty();
    }

    @Test
    void votesFromBeforeAChangeDoNotCountAfterIt() {
        vote(true, 1, 2);
        vote(false, 1, 2, 3);
        assertThat(bridge.paused()).isEmpty();
        vote(true, 1);
        assertThat(bridge.paused())
                .as("2 has wanted a pause before the last change only")
                .isEmpty();
        vote(true, 3);
        assertThat(bridge.paused()).isPresent();
        vote(false, 4);
        assertThat(bridge.paused())
                .as("1, 2 and 3 wanted to resume before this pause only")
                .isPresent();
    }

    @Test
    void aPausedAssetTakesNoDepositsAndPlansNoReleases() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        Gateway gateway = bridge.gateway(2);
        Mined paid = bridge.pay(gateway, 1_000_000);
        bridge.observeLitecoin(paid.height());
        vote(true, 1, 2);
        assertThat(bridge.reportDeposit(gateway, paid).code()).isEqualTo("asset-paused");
        assertThat(bridge.burn(4_000_000).code()).as("what is burnt is burnt").isEmpty();
        bridge.block();
        assertThat(bridge.lastTransfer().state()).isEqualTo(Transfer.State.WAITING);
        vote(false, 1, 2, 3);
        assertThat(bridge.lastTransfer().state()).isEqualTo(Transfer.State.SIGNING);
        assertThat(bridge.reportDeposit(gateway, paid).code()).isEmpty();
    }

    @Test
    void aSpendThatNobodyOrderedLowersLockedAndPausesForGood() {
        Deposit stolen = bridge.minted(1, 10_000_000);
        bridge.minted(2, 5_000_000);
        Bytes report = spendReport(stolen.outpoint());
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, report).code()).isEmpty();
        assertThat(bridge.accounts().locked()).isEqualTo(5_000_000);
        assertThat(bridge.accounts().deficit()).isEqualTo(10_000_000);
        assertThat(bridge.paused()).contains("an output was spent that the ledger did not order");
        assertThat(bridge.run(2, BridgeModule.REPORT_SPEND, report).code()).isEqualTo("no-unordered-spend");
        vote(false, 1, 2, 3, 4);
        assertThat(bridge.paused()).as("not while something is missing").isPresent();
    }

    @Test
    void aPaymentToTheVaultMakesUpForWhatIsMissingAndTheRestIsFees() {
        Deposit stolen = bridge.minted(1, 10_000_000);
        bridge.minted(2, 5_000_000);
        bridge.run(1, BridgeModule.REPORT_SPEND, spendReport(stolen.outpoint()));
        long fees = bridge.accounts().feesOwed();
        Bytes part = bridge.recapitalisation(4_000_000);
        assertThat(bridge.door(BridgeModule.RECAPITALISE, part)).isEmpty();
        assertThat(bridge.run(1, BridgeModule.RECAPITALISE, part).code()).isEmpty();
        assertThat(bridge.accounts().deficit()).isEqualTo(6_000_000);
        assertThat(bridge.run(2, BridgeModule.RECAPITALISE, part).code()).isEqualTo("payment-known");
        vote(false, 1, 2, 3);
        assertThat(bridge.paused()).isPresent();
        assertThat(bridge.run(3, BridgeModule.RECAPITALISE, bridge.recapitalisation(7_000_000))
                        .code())
                .isEmpty();
        assertThat(bridge.accounts().deficit()).isZero();
        assertThat(bridge.accounts().feesOwed()).isEqualTo(fees + 1_000_000);
        vote(false, 1, 2, 3);
        assertThat(bridge.paused()).isEmpty();
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(14_000_000);
        bridge.signAll();
        assertThat(bridge.confirm(bridge.lastTransfer()).code()).isEmpty();
    }

    @Test
    void aSpendAndThePaymentThatMakesUpForItMayBeReportedInEitherOrder() {
        assertThat(renewed(true)).isEqualTo(renewed(false));
    }

    /** The accounts after an output was spent back to the vault, with the spend or the payment reported first. */
    private static Accounts renewed(boolean paymentFirst) {
        BridgeFixture bridge = new BridgeFixture(256, LTC);
        Deposit old = bridge.minted(1, 10_000_000);
        Mined moved = bridge.litecoin.mine(TestLitecoin.spend(
                old.outpoint(), List.of(new TxOutput(10_000_000, bridge.vault().output()))));
        bridge.observeLitecoin(moved.height());
        Bytes payment = Reports.recapitalise(LTC.symbol(), moved.height(), 0, bridge.litecoin.proof(moved), List.of());
        Bytes spend = Reports.spend(LTC.symbol(), moved.height(), bridge.litecoin.proof(moved));
        if (paymentFirst) {
            bridge.run(1, BridgeModule.RECAPITALISE, payment);
        }
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, spend).code()).isEmpty();
        if (!paymentFirst) {
            bridge.run(1, BridgeModule.RECAPITALISE, payment);
        }
        bridge.runAll(BridgeModule.PAUSE, Reports.pause(LTC.symbol(), false), 1, 2, 3);
        assertThat(bridge.paused()).isEmpty();
        assertThat(bridge.accounts().deficit()).isZero();
        return bridge.accounts();
    }

    @Test
    void changeOfAReleaseIsNeverTakenAsAPaymentToTheVault() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(4_000_000);
        bridge.signAll();
        Mined release = bridge.litecoin.mine(
                bridge.lastTransfer().release().orElseThrow().spend().transaction());
        bridge.observeLitecoin(release.height());
        Bytes change = Reports.recapitalise("LTC", release.height(), 1, bridge.litecoin.proof(release), List.of());
        assertThat(bridge.run(1, BridgeModule.RECAPITALISE, change).code()).isEqualTo("payment-known");
        Bytes payout = Reports.recapitalise("LTC", release.height(), 0, bridge.litecoin.proof(release), List.of());
        assertThat(bridge.run(1, BridgeModule.RECAPITALISE, payout).code()).isEqualTo("output-not-vault");
        Bytes little = bridge.recapitalisation(LTC.minimumDeposit() - 1);
        assertThat(bridge.run(1, BridgeModule.RECAPITALISE, little).code()).isEqualTo("amount-below-minimum");
        Bytes old = bridge.recapitalisation(1_000_000);
        bridge.chain.millis += DepositRules.MAX_AGE_MILLIS;
        assertThat(bridge.run(1, BridgeModule.RECAPITALISE, old).code()).isEqualTo("deposit-too-old");
    }

    @Test
    void aReleaseThatLosesAnInputIsUndoneAndPlannedAnew() {
        bridge.minted(1, 5_000_000);
        Deposit stolen = bridge.minted(2, 5_000_000);
        bridge.minted(3, 4_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(8_000_000);
        Transfer first = bridge.lastTransfer();
        List<Bytes> late =
                bridge.requests().stream().map(bridge::signatureTransaction).toList();
        assertThat(late).hasSize(2);
        bridge.block(late.getFirst());
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, spendReport(stolen.outpoint()))
                        .code())
                .isEmpty();
        Transfer undone = bridge.lastTransfer();
        assertThat(undone.state()).isEqualTo(Transfer.State.WAITING);
        assertThat(undone.release()).isEmpty();
        assertThat(BridgeState.holdings(bridge.state(), "LTC"))
                .as("the other input is free and the change is gone")
                .hasSize(2)
                .allMatch(o -> o.state() == VaultOutput.State.FREE);
        bridge.block(late.getLast());
        assertThat(bridge.run(1, BridgeModule.RECAPITALISE, bridge.recapitalisation(5_000_000))
                        .code())
                .isEmpty();
        vote(false, 1, 2, 3);
        Transfer again = bridge.lastTransfer();
        assertThat(again.state()).isEqualTo(Transfer.State.SIGNING);
        assertThat(again.txid()).isNotEqualTo(first.txid());
        bridge.signAll();
        assertThat(bridge.confirm(bridge.lastTransfer()).code()).isEmpty();
        assertThat(bridge.accounts().inFlight()).isZero();
    }

    @Test
    void aReadyReleaseThatLosesAnInputGivesBackWhatItAbsorbed() {
        Deposit only = bridge.minted(1, 200_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(199_500);
        bridge.signAll();
        assertThat(bridge.lastTransfer().state()).isEqualTo(Transfer.State.READY);
        bridge.run(1, BridgeModule.REPORT_SPEND, spendReport(only.outpoint()));
        assertThat(bridge.lastTransfer().raw()).isEqualTo(Bytes.EMPTY);
        assertThat(bridge.accounts()).isEqualTo(new Accounts(0, 0, 699, 199_301, 200_000, 0));
    }

    @Test
    void numbersThatDoNotEvenAddUpAreOutOfBalance() {
        long most = Long.MAX_VALUE;
        assertThat(new Accounts(most, most, most, most, most, most).balanced()).isFalse();
        assertThat(new Accounts(most, most, 1, 0, 1, 0).balanced()).isTrue();
        assertThat(new Accounts(-1, 0, 0, 0, 1, 0).balanced()).isFalse();
    }

    @Test
    void anOrderedSpendIsNoTheft() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(4_000_000);
        bridge.signAll();
        Mined mined = bridge.litecoin.mine(
                bridge.lastTransfer().release().orElseThrow().spend().transaction());
        bridge.observeLitecoin(mined.height());
        Bytes report = Reports.spend(LTC.symbol(), mined.height(), bridge.litecoin.proof(mined));
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, report).code()).isEqualTo("no-unordered-spend");
        assertThat(bridge.paused()).isEmpty();
    }

    @Test
    void theftOfChangeIsTakenWhenItsReleaseIsFinal() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(4_000_000);
        bridge.signAll();
        Transfer transfer = bridge.lastTransfer();
        Bytes report = spendReport(new OutPoint(transfer.txid().orElseThrow(), 1));
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, report).code()).isEqualTo("no-unordered-spend");
        assertThat(bridge.confirm(transfer).code()).isEmpty();
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, report).code()).isEmpty();
        assertThat(bridge.accounts().locked()).isZero();
        assertThat(bridge.accounts().deficit()).isEqualTo(10_000_000 - transfer.gone());
    }

    @Test
    void aTheftIsNeverChargedToAnotherAsset() {
        Deposit stolen = bridge.minted(1, 10_000_000);
        Mined theft = bridge.litecoin.mine(
                TestLitecoin.spend(stolen.outpoint(), List.of(new TxOutput(1_000, TestLitecoin.somebody(6)))));
        bridge.observeLitecoin(theft.height());
        Bytes misled = Reports.spend(SECOND.symbol(), theft.height(), bridge.litecoin.proof(theft));
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, misled).code()).isEqualTo("no-unordered-spend");
        assertThat(BridgeState.pausedBecause(bridge.state(), SECOND.symbol())).isEmpty();
        Bytes right = Reports.spend(LTC.symbol(), theft.height(), bridge.litecoin.proof(theft));
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, right).code()).isEmpty();
    }

    @Test
    void aMintBeyondTheDailyCapWaitsForItsTurnOnALaterDay() {
        long half = LTC.dailyCap() / 2;
        bridge.deposit(1, half);
        bridge.deposit(2, half);
        Deposit third = bridge.deposit(3, half);
        Deposit fourth = bridge.deposit(4, LTC.minimumDeposit());
        assertThat(bridge.requests()).hasSize(2);
        assertThat(bridge.waits(third)).contains("daily-cap");
        assertThat(bridge.waits(fourth)).as("behind the one before it").contains("daily-cap");
        Gateway second = bridge.gateway(SECOND, 5);
        Mined other = bridge.pay(second, half);
        bridge.observeLitecoin(other.height());
        assertThat(bridge.reportDeposit(second, other).code()).isEmpty();
        assertThat(bridge.requests()).as("another asset has its own cap").hasSize(3);
        assertThat(bridge.accounts().inFlight()).isEqualTo(3 * (half - LTC.mintFee(half)) + fourth.net());
        bridge.signAll();

        bridge.chain.millis = lastMidnight() + BridgeFixture.DAY - 2_000;
        bridge.block();
        assertThat(bridge.requests()).as("the last second of the day").isEmpty();
        bridge.block();
        assertThat(bridge.requests()).as("the first of the next").hasSize(2);
        assertThat(BridgeState.DAILY.keys(bridge.state().module(BridgeState.MODULE), Bytes.EMPTY, 10))
                .as("one day is kept of each asset")
                .hasSize(2);
        bridge.signAll();
        assertThat(bridge.accounts().inFlight()).isZero();
    }

    @Test
    void aMintAboveTheCapHasADayOfItsOwnAndThoseAfterItWait() {
        bridge.deposit(1, 1_000_000);
        Deposit large = bridge.deposit(2, 2 * LTC.dailyCap());
        Deposit after = bridge.deposit(3, 1_000_000);
        assertThat(bridge.waits(large)).contains("daily-cap");
        bridge.chain.millis = lastMidnight() + BridgeFixture.DAY;
        bridge.block();
        assertThat(bridge.waits(large)).isEmpty();
        assertThat(bridge.waits(after)).contains("daily-cap");
        bridge.chain.millis += BridgeFixture.DAY;
        bridge.block();
        assertThat(bridge.waits(after)).isEmpty();
    }

    @Test
    void noMintIsOrderedWhileTheAssetIsPaused() {
        bridge.deposit(1, 2 * LTC.dailyCap());
        Deposit waiting = bridge.deposit(2, 1_000_000);
        vote(true, 1, 2);
        bridge.chain.millis += BridgeFixture.DAY;
        bridge.block();
        assertThat(bridge.waits(waiting)).contains("asset-paused");
        vote(false, 1, 2, 3);
        assertThat(bridge.waits(waiting)).isEmpty();
    }

    @Test
    void aDepositThatIsGivenBackWhileItsMintWaitsIsNeverMinted() {
        bridge.minted(1, LTC.dailyCap());
        Accounts before = bridge.accounts();
        Deposit waiting = bridge.deposit(2, 400_000_000);
        vote(true, 1, 2);
        bridge.chain.millis += 8 * BridgeFixture.DAY;
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, spendReport(waiting.outpoint()))
                        .code())
                .isEmpty();
        assertThat(bridge.accounts()).isEqualTo(before);
        assertThat(bridge.paused()).isPresent();
        vote(false, 1, 2, 3);
        assertThat(bridge.paused()).isEmpty();
        assertThat(bridge.requests()).isEmpty();
        assertRefunded(waiting);
    }

    @Test
    void aMintThatWaitedSixDaysIsLeftToTheGuardians() {
        bridge.minted(1, LTC.dailyCap());
        Accounts before = bridge.accounts();
        Deposit late = bridge.deposit(2, 400_000_000);
        vote(true, 1, 2);
        bridge.chain.millis = late.paidMillis() + Refunds.MAX_AGE_MILLIS - 10 * 60_000;
        vote(false, 1, 2, 3);
        assertThat(bridge.requests()).as("in time").hasSize(1);
        bridge.signAll();
        Deposit later = bridge.deposit(3, 700_000_000);
        vote(true, 1, 2);
        bridge.chain.millis = later.paidMillis() + Refunds.MAX_AGE_MILLIS + 1_000;
        vote(false, 1, 2, 3);
        assertRefunded(later);
        assertThat(bridge.requests()).isEmpty();
        assertThat(bridge.accounts().locked()).isEqualTo(before.locked() + 400_000_000);
        assertThat(bridge.accounts().deficit()).isZero();
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, spendReport(later.outpoint()))
                        .code())
                .as("what the guardians give back is no theft")
                .isEqualTo("no-unordered-spend");
        assertThat(bridge.paused()).isEmpty();
    }

    @Test
    void aLateMintIsOrderedWhenAFinalReleaseHasSpentItsPayment() {
        bridge.minted(1, 10_000_000);
        bridge.minted(2, LTC.dailyCap() - 10_000_000);
        Deposit late = bridge.deposit(3, 100_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(90_000_000);
        bridge.signAll();
        vote(true, 1, 2);
        bridge.chain.millis = late.paidMillis() + 8 * BridgeFixture.DAY;
        vote(false, 1, 2, 3);
        assertThat(bridge.waits(late)).contains("release-not-final");
        assertThat(bridge.confirm(bridge.lastTransfer()).code()).isEmpty();
        assertThat(bridge.waits(late)).isEmpty();
        assertThat(bridge.requests()).hasSize(1);
    }

    private void assertRefunded(Deposit deposit) {
        assertThat(BridgeState.deposit(bridge.state(), deposit.outpoint())).hasValueSatisfying(now -> {
            assertThat(now.refunded()).isTrue();
            assertThat(now.signature()).isEmpty();
        });
        assertThat(bridge.waits(deposit)).isEmpty();
    }

    private long lastMidnight() {
        return bridge.chain.millis / BridgeFixture.DAY * BridgeFixture.DAY;
    }

    @Test
    void anUnknownKindIsRefused() {
        assertThat(bridge.run(1, 77, Bytes.EMPTY).code()).isEqualTo("unknown-kind");
        assertThat(bridge.door(77, Bytes.EMPTY)).isEqualTo("unknown-kind");
    }

    @Test
    void refusesAssetsThatCannotBeCarried() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BridgeFixture(256, LTC, BridgeFixture.asset("LTC2", BridgeFixture.CONTRACT)))
                .withMessageContaining("share");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BridgeFixture(256, with(LTC.chain(), 31_338, 50_000, 2_000)))
                .withMessageContaining("31338");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BridgeFixture(256, with(LTC.evmChain(), 31_337, 50_000, 2_000)))
                .withMessageContaining("Bitcoin family");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BridgeFixture(256, with(LTC.chain(), 31_337, 3_000, 2_000)))
                .withMessageContaining("dust");
        assertThatIllegalArgumentException()
                .as("a burn at the highest fee rate would be dust")
                .isThrownBy(() -> new BridgeFixture(256, with(LTC.chain(), 31_337, 50_000, 15_000, 2_000)))
                .withMessageContaining("minimum burn");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(LTC.chain(), 31_337, 50_000, 0, 2_000))
                .withMessageContaining("minimum burn");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(LTC.chain(), 31_337, 50_000, LTC.feeRateCap() + 1))
                .withMessageContaining("floor <= cap");
    }

    private static Asset with(String chain, long evmChainId, long minimum, long floor) {
        return with(chain, evmChainId, minimum, LTC.minimumBurn(), floor);
    }

    private static Asset with(String chain, long evmChainId, long minimum, long minimumBurn, long floor) {
        return new Asset(
                "LTC",
                chain,
                LTC.supply(),
                LTC.evmChain(),
                evmChainId,
                LTC.gatewayContract(),
                LTC.tokenContract(),
                25,
                10,
                minimum,
                Math.min(minimumBurn, minimum * 9 / 10),
                LTC.dailyCap(),
                floor,
                LTC.feeRateCap(),
                LTC.gatewayLifetimeMillis(),
                2,
                LTC.guardians());
    }
}
