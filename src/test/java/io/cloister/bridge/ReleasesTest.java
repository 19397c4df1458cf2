package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.TestLitecoin.Mined;
import io.cloister.bridge.Transfer.State;
import io.cloister.codec.Bytes;
import io.cloister.ledger.Receipt;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.FeePolicy;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.Release;
import io.cloister.multichain.bitcoin.TxOutput;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleasesTest {
    private static final Asset LTC = BridgeFixture.LTC;

    private final BridgeFixture bridge = new BridgeFixture();

    private Transfer now(Transfer transfer) {
        return BridgeState.transfer(bridge.state(), transfer.id()).orElseThrow();
    }

    private Transfer ready(long deposited, long burnt) {
        bridge.minted(1, deposited);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(burnt);
        bridge.signAll();
        return bridge.lastTransfer();
    }

    private static long feeAt(Release release, long rate) {
        List<Bytes> scripts = release.spend().transaction().outputs().stream()
                .map(TxOutput::script)
                .toList();
        return FeePolicy.fee(FeePolicy.virtualSize(release.spend().coins(), scripts), rate);
    }

    @Test
    void waitsForAFeeRateAndIsPlannedInTheBlockThatHasOne() {
        bridge.minted(1, 10_000_000);
        bridge.burn(4_000_000);
        bridge.block();
        assertThat(bridge.lastTransfer().state()).isEqualTo(State.WAITING);
        bridge.feeRate(4_000, 1, 2);
        assertThat(bridge.lastTransfer().state()).isEqualTo(State.WAITING);
        bridge.feeRate(4_000, 3);
        Transfer planned = bridge.lastTransfer();
        assertThat(planned.state()).isEqualTo(State.SIGNING);
        Release release = planned.release().orElseThrow();
        assertThat(planned.minerFee()).isEqualTo(feeAt(release, 4_000));
        assertThat(planned.received()).isEqualTo(planned.gone() - planned.minerFee());
        assertThat(bridge.requests()).hasSize(1);
    }

    @Test
    void theSignedReleasePaysTheRecipientAndTheVault() {
        Transfer ready = ready(10_000_000, 4_000_000);
        assertThat(ready.state()).isEqualTo(State.READY);
        BitcoinTransaction sent = BitcoinTransaction.decode(ready.raw());
        assertThat(sent.txid()).isEqualTo(ready.txid().orElseThrow());
        assertThat(sent.inputs()).allMatch(input -> input.witness().size() == 3);
        assertThat(sent.outputs()).hasSize(2);
        assertThat(sent.outputs().get(0)).isEqualTo(new TxOutput(ready.received(), TestLitecoin.somebody(9)));
        assertThat(sent.outputs().get(1).value()).isEqualTo(10_000_000 - ready.gone());
        assertThat(sent.virtualSize()).isLessThanOrEqualTo((int) (ready.minerFee() / 4));
    }

    @Test
    void asksForOneSignatureForEachInputAndIsReadyWithTheLast() {
        for (int i = 1; i <= 3; i++) {
            bridge.minted(i, 1_000_000);
        }
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(2_500_000);
        List<SigningRequest> requests = bridge.requests();
        assertThat(requests).hasSize(3);
        assertThat(requests.stream().map(SigningRequest::path).distinct())
                .as("each gateway has a key of its own")
                .hasSize(3);
        for (SigningRequest request : requests) {
            assertThat(bridge.lastTransfer().state()).isEqualTo(State.SIGNING);
            assertThat(bridge.lastTransfer().raw()).isEqualTo(Bytes.EMPTY);
            bridge.block(bridge.signatureTransaction(request));
        }
        assertThat(bridge.lastTransfer().state()).isEqualTo(State.READY);
    }

    @Test
    void takesUpAPlanWhoseFirstSignaturesCameWhileTheQueueWasFull() {
        BridgeFixture narrow = new BridgeFixture(2, LTC);
        for (int i = 1; i <= 3; i++) {
            narrow.minted(i, 1_000_000);
        }
        narrow.feeRate(4_000, 1, 2, 3);
        narrow.burn(2_500_000);
        assertThat(narrow.lastTransfer().state()).isEqualTo(State.WAITING);
        assertThat(narrow.requests()).hasSize(2);
        narrow.signAll();
        assertThat(narrow.lastTransfer().state()).isEqualTo(State.SIGNING);
        assertThat(narrow.requests()).hasSize(1);
        narrow.signAll();
        assertThat(narrow.lastTransfer().state()).isEqualTo(State.READY);
        assertThat(narrow.confirm(narrow.lastTransfer()).code()).isEmpty();
    }

    @Test
    void aSignatureOfAGivenUpPlanWithMoreInputsDoesNotCount() {
        BridgeFixture narrow = new BridgeFixture(2, LTC);
        for (int i = 1; i <= 3; i++) {
            narrow.minted(i, 1_000_000);
        }
        narrow.feeRate(4_000, 1, 2, 3);
        narrow.burn(2_500_000);
        List<SigningRequest> givenUp = narrow.requests();
        assertThat(givenUp).hasSize(2);
        narrow.deposit(4, 9_000_000);
        narrow.block(narrow.signatureTransaction(givenUp.getFirst()));
        assertThat(narrow.lastTransfer().state())
                .as("planned over one large coin")
                .isEqualTo(State.SIGNING);
        assertThat(narrow.block(narrow.signatureTransaction(givenUp.getLast()))).allMatch(Receipt::succeeded);
        narrow.signAll();
        assertThat(narrow.lastTransfer().state()).isEqualTo(State.READY);
    }

    @Test
    void waitsForChangeThatIsNotFinal() {
        Transfer first = ready(10_000_000, 4_000_000);
        bridge.burn(3_000_000);
        Transfer second = bridge.lastTransfer();
        assertThat(second.state()).isEqualTo(State.WAITING);
        assertThat(bridge.accounts().locked())
                .as("inputs count until the release is final")
                .isEqualTo(10_000_000);
        assertThat(BridgeState.holdings(bridge.state(), LTC.symbol()))
                .extracting(VaultOutput.Summary::state)
                .containsExactlyInAnyOrder(VaultOutput.State.SPENDING, VaultOutput.State.PENDING);

        assertThat(bridge.confirm(first).code()).isEmpty();
        assertThat(bridge.accounts().locked()).isEqualTo(10_000_000 - first.gone());
        assertThat(now(second).state())
                .as("planned over the change in the same block")
                .isEqualTo(State.SIGNING);
        bridge.signAll();
        assertThat(bridge.confirm(now(second)).code()).isEmpty();
        assertThat(bridge.accounts().inFlight()).isZero();
        assertThat(bridge.accounts().locked())
                .isEqualTo(bridge.accounts().minted() + bridge.accounts().feesOwed());
        assertThat(BridgeState.openTransfers(bridge.state())).isEmpty();
    }

    @Test
    void theAssetsFloorAndCapBoundTheFeeRateWhateverIsObserved() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(1, 1, 2, 3, 4);
        bridge.burn(1_000_000);
        Release low = bridge.lastTransfer().release().orElseThrow();
        assertThat(low.minersFee()).isEqualTo(feeAt(low, LTC.feeRateFloor()));
        bridge.signAll();
        bridge.confirm(bridge.lastTransfer());
        bridge.feeRate(Long.MAX_VALUE, 1, 2, 3, 4);
        bridge.burn(1_000_000);
        Release high = bridge.lastTransfer().release().orElseThrow();
        assertThat(high.minersFee()).isEqualTo(feeAt(high, LTC.feeRateCap()));
    }

    /** One of four nodes believes a chain node that lies about everything, and says all it is told. */
    @Test
    void oneNodeWithAForgedRpcCanCauseNeitherAReleaseNorAFeeOutsideTheCap() {
        bridge.minted(1, 10_000_000);
        Accounts before = bridge.accounts();
        int liar = 4;
        long forged = bridge.ethereum.mine(
                true,
                TestEthereum.burned(
                        BridgeFixture.CONTRACT, BridgeFixture.address(9), BigInteger.valueOf(9_000_000), 50));
        bridge.observe(LTC.evmChain(), forged, bridge.ethereum.hash(forged), liar);
        assertThat(bridge.run(liar, BridgeModule.REPORT_BURN, bridge.burnReport(forged))
                        .code())
                .isEqualTo("block-not-observed");
        Gateway gateway = bridge.gateway(2);
        Mined invented = bridge.pay(gateway, 90_000_000);
        bridge.observe(LTC.chain(), invented.height(), bridge.litecoin.hash(invented.height()), liar);
        assertThat(bridge.run(liar, BridgeModule.REPORT_DEPOSIT, bridge.depositReport(gateway, invented))
                        .code())
                .isEqualTo("block-not-observed");
        bridge.feeRate(Long.MAX_VALUE, liar);
        bridge.block();
        assertThat(bridge.accounts()).isEqualTo(before);
        assertThat(BridgeState.openTransfers(bridge.state())).isEmpty();
        assertThat(bridge.requests()).isEmpty();
        assertThat(BridgeState.feeRate(bridge.state(), LTC.chain())).isEmpty();

        bridge.feeRate(3_000, 1);
        bridge.feeRate(3_500, 2);
        bridge.feeRate(4_000, 3);
        bridge.burn(1_000_000);
        Transfer honest = bridge.lastTransfer();
        Release release = honest.release().orElseThrow();
        assertThat(honest.recipientScript()).isEqualTo(TestLitecoin.somebody(9));
        assertThat(release.minersFee())
                .as("among what honest nodes stated")
                .isBetween(feeAt(release, 3_000), feeAt(release, 4_000));
        assertThat(release.minersFee()).isLessThanOrEqualTo(feeAt(release, LTC.feeRateCap()));
        Bytes lie = Reports.broadcast(honest.id(), Bytes.zeros(32));
        assertThat(bridge.run(liar, BridgeModule.RELEASE_BROADCAST, lie).code()).isEqualTo("release-not-ready");
    }

    @Test
    void absorbedDustIsBookedAgainstTheFees() {
        bridge.minted(1, 200_000);
        assertThat(bridge.accounts()).isEqualTo(new Accounts(200_000, 199_500, 500, 0, 0, 0));
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(199_500);
        Release release = bridge.lastTransfer().release().orElseThrow();
        assertThat(release.absorbed()).isEqualTo(699);
        assertThat(bridge.accounts())
                .as("set aside when planned")
                .isEqualTo(new Accounts(200_000, 0, 0, 200_000, 0, 0));
        bridge.signAll();
        assertThat(bridge.confirm(bridge.lastTransfer()).code()).isEmpty();
        assertThat(bridge.accounts()).isEqualTo(Accounts.ZERO);
        assertThat(BridgeState.outputs(bridge.state())).isEmpty();
    }

    @Test
    void broadcastIsNotedOnceAndOnlyOfTheReadyTransaction() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(4_000_000);
        Transfer signing = bridge.lastTransfer();
        Bytes report = Reports.broadcast(signing.id(), signing.txid().orElseThrow());
        assertThat(bridge.run(1, BridgeModule.RELEASE_BROADCAST, report).code()).isEqualTo("release-not-ready");
        bridge.signAll();
        Bytes wrong = Reports.broadcast(signing.id(), Bytes.zeros(32));
        assertThat(bridge.run(1, BridgeModule.RELEASE_BROADCAST, wrong).code()).isEqualTo("release-differs");
        assertThat(bridge.run(1, BridgeModule.RELEASE_BROADCAST, report).code()).isEmpty();
        assertThat(now(signing).state()).isEqualTo(State.BROADCAST);
        assertThat(bridge.run(2, BridgeModule.RELEASE_BROADCAST, report).code()).isEqualTo("release-not-ready");
        assertThat(bridge.door(BridgeModule.RELEASE_BROADCAST, report)).isEqualTo("already-broadcast");
        Bytes unknown = Reports.broadcast(Bytes.zeros(32), Bytes.zeros(32));
        assertThat(bridge.run(1, BridgeModule.RELEASE_BROADCAST, unknown).code())
                .isEqualTo("unknown-transfer");
        assertThat(bridge.confirm(now(signing)).code()).isEmpty();
    }

    @Test
    void finalityNeedsTheProofOfThisVeryTransaction() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(4_000_000);
        Transfer signing = bridge.lastTransfer();
        Mined other = bridge.litecoin.mine(bridge.litecoin.payment(TestLitecoin.somebody(5), 5_000));
        bridge.observeLitecoin(other.height());
        Bytes report = Reports.confirmed(signing.id(), other.height(), bridge.litecoin.proof(other));
        assertThat(bridge.run(1, BridgeModule.RELEASE_CONFIRMED, report).code()).isEqualTo("release-not-signed");
        bridge.signAll();
        assertThat(bridge.run(1, BridgeModule.RELEASE_CONFIRMED, report).code()).isEqualTo("release-differs");
        Mined mined =
                bridge.litecoin.mine(signing.release().orElseThrow().spend().transaction());
        Bytes good = Reports.confirmed(signing.id(), mined.height(), bridge.litecoin.proof(mined));
        assertThat(bridge.run(1, BridgeModule.RELEASE_CONFIRMED, good).code()).isEqualTo("block-not-observed");
        bridge.observeLitecoin(mined.height());
        assertThat(bridge.run(1, BridgeModule.RELEASE_CONFIRMED, good).code()).isEmpty();
        assertThat(now(signing).state()).isEqualTo(State.RELEASED);
        Accounts released = bridge.accounts();
        assertThat(bridge.run(2, BridgeModule.RELEASE_CONFIRMED, good).code()).isEqualTo("release-not-signed");
        assertThat(bridge.door(BridgeModule.RELEASE_CONFIRMED, good)).isEqualTo("already-released");
        assertThat(bridge.accounts()).isEqualTo(released);
    }

    @Test
    void aLargeReleaseIsFinalOnlyWithTheBlocksOnTopThatItsAmountNeeds() {
        Gateway gateway = bridge.gateway(1);
        Mined paid = bridge.pay(gateway, 30_000_000_000L);
        bridge.litecoin.mineEmpty(5);
        bridge.observeLitecoin(paid.height());
        bridge.observeLitecoin(paid.height() + 3);
        bridge.run(2, BridgeModule.REPORT_DEPOSIT, bridge.depositReport(gateway, paid, 3));
        bridge.signAll();
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(20_100_000_000L);
        bridge.signAll();
        Transfer ready = bridge.lastTransfer();
        assertThat(bridge.confirm(ready).code()).isEqualTo("not-deep-enough");
        long height = bridge.litecoin.height();
        bridge.litecoin.mineEmpty(2);
        bridge.observeLitecoin(height + 2);
        Bytes report = Reports.confirmed(
                ready.id(), height, bridge.litecoin.proof(height, 2), bridge.litecoin.above(height, 2));
        assertThat(bridge.run(1, BridgeModule.RELEASE_CONFIRMED, report).code()).isEmpty();
        assertThat(now(ready).state()).isEqualTo(State.RELEASED);
    }

    @Test
    void oldestFirstAndAFewInEachBlock() {
        for (int i = 1; i <= 18; i++) {
            bridge.minted(i, 100_000);
        }
        for (int i = 0; i < 18; i++) {
            assertThat(bridge.burn(60_000).code()).isEmpty();
        }
        bridge.feeRate(4_000, 1, 2, 3);
        for (int i = 0; i < 18; i++) {
            assertThat(bridge.transfer(i).state()).isEqualTo(i < 16 ? State.SIGNING : State.WAITING);
        }
        bridge.block();
        assertThat(BridgeState.openTransfers(bridge.state())).allMatch(t -> t.state() == State.SIGNING);
    }

    @Test
    void aJoiningThatFindsTheQueueFullLeavesNothingThatCannotBeAnswered() {
        for (int room : List.of(64, 256)) {
            BridgeFixture busy = new BridgeFixture(room, LTC);
            for (int i = 1; i <= 102; i++) {
                busy.minted(i, 1_000_000);
            }
            for (int i = 1_000; i < 1_000 + room - 30; i++) {
                busy.deposit(i, 100_000);
            }
            busy.feeRate(4_000, 1, 2, 3);
            busy.burn(101_000_000);
            busy.deposit(5_000, 2_000_000);
            for (int round = 0; round < 6 && !busy.requests().isEmpty(); round++) {
                busy.signAll();
                BridgeState.openTransfers(busy.state()).stream()
                        .filter(transfer -> transfer.state() == State.READY)
                        .forEach(busy::confirm);
            }
            assertThat(busy.requests()).isEmpty();
            assertThat(busy.transfer(0).state()).isEqualTo(State.RELEASED);
        }
    }

    @Test
    void joinsOutputsWhenABurnNeedsMoreOfThemThanATransactionCanHave() {
        for (int i = 1; i <= 102; i++) {
            bridge.minted(i, 1_000_000);
        }
        bridge.feeRate(4_000, 1, 2, 3);
        long fees = bridge.accounts().feesOwed();
        bridge.burn(101_000_000);
        assertThat(bridge.lastTransfer().state()).isEqualTo(State.WAITING);
        Transfer joining = BridgeState.openTransfers(bridge.state()).stream()
                .filter(t -> t.amount() == 0)
                .findFirst()
                .orElseThrow();
        Release release = joining.release().orElseThrow();
        assertThat(release.spend().coins()).hasSize(100);
        assertThat(joining.received()).isZero();
        bridge.signAll();
        assertThat(bridge.confirm(now(joining)).code()).isEmpty();
        assertThat(now(joining).state()).isEqualTo(State.RELEASED);
        assertThat(bridge.accounts().locked()).isEqualTo(102_000_000 - release.absorbed());
        assertThat(bridge.accounts().feesOwed()).isEqualTo(fees + LTC.burnFee(101_000_000) - release.absorbed());
        assertThat(bridge.lastTransfer().state()).isEqualTo(State.SIGNING);
        bridge.signAll();
        assertThat(bridge.confirm(bridge.lastTransfer()).code()).isEmpty();
        assertThat(BridgeState.openTransfers(bridge.state())).isEmpty();
    }

    @Test
    void aJoiningThatLosesAnInputIsDropped() {
        for (int i = 1; i <= 102; i++) {
            bridge.minted(i, 1_000_000);
        }
        bridge.feeRate(4_000, 1, 2, 3);
        bridge.burn(101_000_000);
        Transfer joining = BridgeState.openTransfers(bridge.state()).stream()
                .filter(t -> t.amount() == 0)
                .findFirst()
                .orElseThrow();
        OutPoint taken =
                joining.release().orElseThrow().spend().coins().getFirst().outPoint();
        Mined theft =
                bridge.litecoin.mine(TestLitecoin.spend(taken, List.of(new TxOutput(1_000, TestLitecoin.somebody(6)))));
        bridge.observeLitecoin(theft.height());
        Bytes report = Reports.spend(LTC.symbol(), theft.height(), bridge.litecoin.proof(theft));
        assertThat(bridge.run(1, BridgeModule.REPORT_SPEND, report).code()).isEmpty();
        assertThat(now(joining).state()).isEqualTo(State.REFUSED);
        assertThat(BridgeState.openTransfers(bridge.state())).containsExactly(bridge.lastTransfer());
    }

    @Test
    void anOldFeeRateIsNoRate() {
        bridge.minted(1, 10_000_000);
        bridge.feeRate(4_000, 1, 2, 3);
        for (int i = 0; i < BridgeState.FEE_LIFETIME; i++) {
            bridge.chain.block(List.of());
        }
        bridge.burn(4_000_000);
        assertThat(bridge.lastTransfer().state()).isEqualTo(State.WAITING);
        assertThat(BridgeState.feeRate(bridge.state(), LTC.chain()))
                .as("so that nodes state it again")
                .isEmpty();
        bridge.feeRate(4_000, 1, 2, 3);
        assertThat(bridge.lastTransfer().state()).isEqualTo(State.SIGNING);
    }
}
