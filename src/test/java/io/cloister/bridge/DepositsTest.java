package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.TestLitecoin.Mined;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.crypto.Hashes;
import io.cloister.ledger.Receipt;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.OutPoint;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.bitcoin.TxOutput;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DepositsTest {
    private static final Asset LTC = BridgeFixture.LTC;

    private final BridgeFixture bridge = new BridgeFixture();

    private String refused(Gateway gateway, Mined paid) {
        Accounts before = bridge.accounts();
        String code = bridge.reportDeposit(gateway, paid).code();
        assertThat(bridge.accounts()).isEqualTo(before);
        assertThat(bridge.requests()).isEmpty();
        return code;
    }

    @Test
    void aDepositIsAcceptedAndItsMintSigned() {
        Deposit accepted = bridge.deposit(1, 10_000_000);
        assertThat(accepted.fee()).isEqualTo(25_000);
        assertThat(accepted.net()).isEqualTo(9_975_000);
        assertThat(accepted.signature()).isEmpty();
        assertThat(accepted.nHash())
                .isEqualTo(TransferHashes.depositHash(
                        BridgeFixture.nonce(1), accepted.outpoint().txid(), 1));
        assertThat(bridge.accounts()).isEqualTo(new Accounts(10_000_000, 0, 25_000, 9_975_000, 0, 0));

        bridge.signAll();
        Deposit signed =
                BridgeState.deposit(bridge.state(), accepted.outpoint()).orElseThrow();
        assertThat(bridge.accounts()).isEqualTo(new Accounts(10_000_000, 9_975_000, 25_000, 0, 0, 0));
        Gateway gateway = BridgeState.gateway(bridge.state(), signed.gHash()).orElseThrow();
        Bytes digest = Mints.domain(LTC).mintDigest(Mints.of(gateway, signed));
        assertThat(signed.digest()).isEqualTo(digest);
        assertThat(Ecdsa.recover(digest, signed.signature().orElseThrow())).contains(bridge.shardKey);
    }

    @Test
    void aSecondReportIsAnsweredAsKnownWhateverHasHappenedSince() {
        Gateway gateway = bridge.gateway(1);
        Mined paid = bridge.pay(gateway, 10_000_000);
        bridge.observeLitecoin(paid.height());
        Bytes report = bridge.depositReport(gateway, paid);
        List<Receipt> both = bridge.block(
                bridge.transaction(1, BridgeModule.REPORT_DEPOSIT, report),
                bridge.transaction(2, BridgeModule.REPORT_DEPOSIT, report));
        assertThat(both.get(0).code()).isEmpty();
        assertThat(both.get(1).code()).isEqualTo("deposit-known");
        Accounts once = bridge.accounts();
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, report)).isEqualTo("deposit-known");
        bridge.chain.millis = gateway.expiryMillis() + 1;
        assertThat(bridge.reportDeposit(gateway, paid).code()).isEqualTo("deposit-known");
        assertThat(bridge.accounts()).isEqualTo(once);
        assertThat(bridge.requests()).hasSize(1);
    }

    @Test
    void noReplayMakesASecondMintOfAnNHash() {
        Deposit deposit = bridge.minted(1, 10_000_000);
        Gateway gateway = BridgeState.gateway(bridge.state(), deposit.gHash()).orElseThrow();
        Mined paid = new Mined(1, 2, null);
        Bytes anotherProof = Reports.deposit(gateway.gHash(), 1, 1, bridge.litecoin.proof(paid));
        assertThat(bridge.run(4, BridgeModule.REPORT_DEPOSIT, anotherProof).code())
                .isEqualTo("deposit-known");
        assertThat(BridgeState.SPENT.get(bridge.state().module(BridgeState.MODULE), deposit.nHash()))
                .contains(deposit.outpoint());
        bridge.block();
        assertThat(bridge.requests()).isEmpty();
        assertThat(bridge.accounts().minted()).isEqualTo(deposit.net());
    }

    @Test
    void everyOutputToAGatewayIsADepositOfItsOwn() {
        Gateway gateway = bridge.gateway(1);
        BitcoinTransaction twice = TestLitecoin.spend(
                bridge.pay(gateway, 60_000).output(0),
                List.of(
                        new TxOutput(1_000_000, gateway.script().output()),
                        new TxOutput(2_000_000, gateway.script().output())));
        Mined paid = bridge.litecoin.mine(twice);
        bridge.observeLitecoin(paid.height());
        for (int vout = 0; vout < 2; vout++) {
            Bytes report = Reports.deposit(gateway.gHash(), paid.height(), vout, bridge.litecoin.proof(paid));
            assertThat(bridge.run(1, BridgeModule.REPORT_DEPOSIT, report).code())
                    .isEmpty();
        }
        assertThat(BridgeState.depositsOf(bridge.state(), twice.txid())).hasSize(2);
        assertThat(bridge.accounts().locked()).isEqualTo(3_000_000);
    }

    @Test
    void refusesAnotherScriptAndAnOutputThatIsNotThere() {
        Gateway mine = bridge.gateway(1);
        Gateway other = bridge.gateway(2);
        Mined paid = bridge.pay(other, 10_000_000);
        bridge.observeLitecoin(paid.height());
        assertThat(refused(mine, paid)).isEqualTo("output-not-gateway");
        Bytes first = Reports.deposit(other.gHash(), paid.height(), 0, bridge.litecoin.proof(paid));
        assertThat(bridge.run(1, BridgeModule.REPORT_DEPOSIT, first).code()).isEqualTo("output-not-gateway");
        Bytes third = Reports.deposit(other.gHash(), paid.height(), 2, bridge.litecoin.proof(paid));
        assertThat(bridge.run(1, BridgeModule.REPORT_DEPOSIT, third).code()).isEqualTo("no-such-output");
        Bytes unknown = Reports.deposit(Bytes.zeros(32), paid.height(), 1, bridge.litecoin.proof(paid));
        assertThat(bridge.run(1, BridgeModule.REPORT_DEPOSIT, unknown).code()).isEqualTo("unknown-gateway");
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, unknown)).isEqualTo("unknown-gateway");
    }

    @Test
    void refusesAmountsBelowTheMinimumAndAboveTheSupply() {
        Asset scarce = scarce();
        BridgeFixture small = new BridgeFixture(256, scarce);
        Gateway gateway = small.gateway(scarce, 1);
        Mined little = small.pay(gateway, scarce.minimumDeposit() - 1);
        Mined much = small.pay(gateway, scarce.supply() + 1);
        Mined least = small.pay(gateway, scarce.minimumDeposit());
        for (long height = 1; height <= 3; height++) {
            small.observeLitecoin(height);
        }
        assertThat(small.reportDeposit(gateway, little).code()).isEqualTo("amount-below-minimum");
        assertThat(small.reportDeposit(gateway, much).code()).isEqualTo("amount-above-supply");
        assertThat(small.reportDeposit(gateway, least).code()).isEmpty();
    }

    private static Asset scarce() {
        return new Asset(
                LTC.symbol(),
                LTC.chain(),
                1_000_000,
                LTC.evmChain(),
                LTC.evmChainId(),
                LTC.gatewayContract(),
                LTC.tokenContract(),
                LTC.mintFeeBps(),
                LTC.burnFeeBps(),
                LTC.minimumDeposit(),
                LTC.minimumBurn(),
                LTC.dailyCap(),
                LTC.feeRateFloor(),
                LTC.feeRateCap(),
                LTC.gatewayLifetimeMillis(),
                LTC.guardianThreshold(),
                LTC.guardians());
    }

    @Test
    void whatWasPaidBeforeExpiryCountsHoweverLateItIsReported() {
        Gateway gateway = bridge.gateway(1);
        bridge.chain.millis = gateway.expiryMillis() + DepositRules.TOLERANCE_MILLIS;
        Mined last = bridge.pay(gateway, 10_000_000);
        bridge.chain.millis += 1_000;
        Mined late = bridge.pay(gateway, 20_000_000);
        bridge.observeLitecoin(last.height());
        bridge.observeLitecoin(late.height());
        Bytes tooLate = bridge.depositReport(gateway, late);
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, tooLate)).isEqualTo("gateway-expired");
        assertThat(bridge.run(2, BridgeModule.REPORT_DEPOSIT, tooLate).code()).isEqualTo("gateway-expired");
        bridge.chain.millis += 4 * BridgeFixture.DAY;
        assertThat(bridge.reportDeposit(gateway, last).code()).isEmpty();
    }

    @Test
    void anOldPaymentIsRefusedBecauseGuardiansMayHaveGivenItBack() {
        Gateway gateway = bridge.gateway(1);
        Mined paid = bridge.pay(gateway, 10_000_000);
        bridge.observeLitecoin(paid.height());
        Bytes report = bridge.depositReport(gateway, paid);
        long mined = bridge.litecoin.proof(paid).header().time() * 1_000;
        bridge.chain.millis = mined + DepositRules.MAX_AGE_MILLIS;
        bridge.block();
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, report)).isEqualTo("deposit-too-old");
        assertThat(refused(gateway, paid)).isEqualTo("deposit-too-old");
        bridge.chain.millis = mined + DepositRules.MAX_AGE_MILLIS - 1_000;
        assertThat(bridge.reportDeposit(gateway, paid).code())
                .as("the last moment counts")
                .isEmpty();
    }

    @Test
    void aRefundedPaymentIsNotMintedWhenItsGatewayIsForgottenAndRegisteredAgain() {
        Gateway first = bridge.gateway(1);
        bridge.chain.millis = first.expiryMillis() + DepositRules.TOLERANCE_MILLIS + 1_000;
        Mined paid = bridge.pay(first, 10_000_000);
        bridge.observeLitecoin(paid.height());
        assertThat(refused(first, paid)).isEqualTo("gateway-expired");
        bridge.chain.millis += Gateways.GRACE_MILLIS;
        bridge.block();
        assertThat(BridgeState.gateway(bridge.state(), first.gHash())).isEmpty();
        Gateway again = bridge.gateway(1);
        assertThat(again.script()).isEqualTo(first.script());
        assertThat(refused(again, paid)).isEqualTo("deposit-too-old");
    }

    @Test
    void aLatePaymentIsTakenOnceItsGatewayIsRegisteredAgain() {
        Gateway used = bridge.gateway(1);
        Mined early = bridge.pay(used, 1_000_000);
        bridge.observeLitecoin(early.height());
        assertThat(bridge.reportDeposit(used, early).code()).isEmpty();
        bridge.chain.millis = used.expiryMillis() + DepositRules.TOLERANCE_MILLIS + 1_000;
        Mined late = bridge.pay(used, 10_000_000);
        bridge.observeLitecoin(late.height());
        assertThat(bridge.reportDeposit(used, late).code()).isEqualTo("gateway-expired");
        Gateway renewed = bridge.gateway(1);
        assertThat(renewed.expiryMillis()).isEqualTo(bridge.chain.millis + LTC.gatewayLifetimeMillis());
        assertThat(bridge.reportDeposit(renewed, late).code()).isEmpty();
    }

    @Test
    void aLargeDepositShowsTheHeadersUpToAnObservedBlock() {
        Gateway gateway = bridge.gateway(1);
        long amount = 20_000_000_001L; // 201 coins: five blocks at 50 coins each, two more than the floor
        Mined paid = bridge.pay(gateway, amount);
        bridge.litecoin.mineEmpty(3);
        bridge.observeLitecoin(paid.height());
        assertThat(large(gateway, paid, 0)).isEqualTo("not-deep-enough");
        bridge.observeLitecoin(paid.height() + 1);
        assertThat(large(gateway, paid, 1)).isEqualTo("not-deep-enough");
        assertThat(large(gateway, paid, 2)).as("not observed yet").isEqualTo("not-deep-enough");
        bridge.observeLitecoin(paid.height() + 3);
        assertThat(large(gateway, paid, 2)).isEqualTo("not-deep-enough");
        assertThat(large(gateway, paid, 3)).as("more than is needed").isEmpty();
    }

    private String large(Gateway gateway, Mined paid, int above) {
        Bytes report = bridge.depositReport(gateway, paid, above);
        return bridge.run(3, BridgeModule.REPORT_DEPOSIT, report).code();
    }

    @Test
    void depthIsNotCountedOnAnotherBranch() {
        Gateway gateway = bridge.gateway(1);
        Mined paid = bridge.pay(gateway, 20_000_000_001L);
        bridge.observeLitecoin(paid.height());
        bridge.litecoin.mineEmpty(2);
        long top = paid.height() + 2;
        bridge.observe(LTC.chain(), top, Hashes.sha256(Bytes.utf8("another branch")), 1, 2, 3);
        assertThat(refused(gateway, paid)).isEqualTo("not-deep-enough");
        Bytes stale = bridge.depositReport(gateway, paid, 2);
        assertThat(bridge.run(2, BridgeModule.REPORT_DEPOSIT, stale).code()).isEqualTo("not-deep-enough");
        Bytes unlinked = Reports.deposit(
                gateway.gHash(),
                paid.height(),
                List.of(1L),
                bridge.litecoin.proof(paid),
                bridge.litecoin.above(paid.height() + 1, 1));
        assertThat(bridge.run(2, BridgeModule.REPORT_DEPOSIT, unlinked).code()).isEqualTo("proof-refused");
    }

    @Test
    void oneReportBringsManyOutputsAndTakesThoseThatCanBeTaken() {
        Gateway gateway = bridge.gateway(1);
        Bytes script = gateway.script().output();
        BitcoinTransaction many = TestLitecoin.spend(
                new OutPoint(Bytes.zeros(32), 0),
                List.of(
                        new TxOutput(1_000_000, script),
                        new TxOutput(LTC.minimumDeposit() - 1, script),
                        new TxOutput(2_000_000, script),
                        new TxOutput(3_000_000, TestLitecoin.somebody(1))));
        Mined paid = bridge.litecoin.mine(many);
        bridge.observeLitecoin(paid.height());
        assertThat(report(gateway, paid, 1L, 3L, 9L)).isEqualTo("amount-below-minimum");
        assertThat(report(gateway, paid, 0L)).isEmpty();
        assertThat(report(gateway, paid, 0L, 1L, 2L, 2L, 3L)).isEmpty();
        assertThat(BridgeState.depositsOf(bridge.state(), many.txid())).hasSize(2);
        assertThat(bridge.accounts().locked()).isEqualTo(3_000_000);
        assertThat(report(gateway, paid, 2L, 0L)).isEqualTo("deposit-known");
        assertThat(report(gateway, paid, 2L, 1L)).isEqualTo("deposit-known");
        Long[] tooMany = LongStream.range(0, Deposits.MAX_OUTPUTS + 1).boxed().toArray(Long[]::new);
        assertThat(report(gateway, paid, tooMany)).isEqualTo("malformed");
    }

    private String report(Gateway gateway, Mined paid, Long... outputs) {
        Bytes body = Reports.deposit(
                gateway.gHash(), paid.height(), List.of(outputs), bridge.litecoin.proof(paid), List.of());
        String door = bridge.door(BridgeModule.REPORT_DEPOSIT, body);
        String code = bridge.run(2, BridgeModule.REPORT_DEPOSIT, body).code();
        assertThat(door).isEqualTo(code);
        return code;
    }

    @Test
    void theDoorAsksWhatTheStateCanAnswer() {
        Gateway gateway = bridge.gateway(1);
        Mined little = bridge.pay(gateway, LTC.minimumDeposit() - 1);
        Mined paid = bridge.pay(gateway, 10_000_000);
        bridge.observeLitecoin(little.height());
        bridge.observeLitecoin(paid.height());
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, bridge.depositReport(gateway, little)))
                .isEqualTo("amount-below-minimum");
        Bytes good = bridge.depositReport(gateway, paid);
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, good)).isEmpty();
        Bytes otherBlock = Reports.deposit(gateway.gHash(), little.height(), 1, bridge.litecoin.proof(paid));
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, otherBlock)).isEqualTo("proof-refused");
        bridge.runAll(BridgeModule.PAUSE, Reports.pause(LTC.symbol(), true), 1, 2);
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, good)).isEqualTo("asset-paused");
    }

    @Test
    void refusesATamperedProofAndABlockThatNobodyObserved() {
        Gateway gateway = bridge.gateway(1);
        Mined paid = bridge.pay(gateway, 10_000_000);
        assertThat(refused(gateway, paid)).isEqualTo("block-not-observed");
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, bridge.depositReport(gateway, paid)))
                .isEqualTo("block-not-observed");
        bridge.observeLitecoin(paid.height());
        SpvProof good = bridge.litecoin.proof(paid);
        BitcoinTransaction inflated = TestLitecoin.spend(
                paid.transaction().inputs().getFirst().outPoint(),
                List.of(
                        new TxOutput(777, TestLitecoin.somebody(1)),
                        new TxOutput(90_000_000, gateway.script().output())));
        SpvProof forged = new SpvProof(
                good.header(), inflated.encodeStripped(), good.branch(), good.coinbase(), good.coinbaseSiblings());
        Bytes report = Reports.deposit(gateway.gHash(), paid.height(), 1, forged);
        assertThat(bridge.run(1, BridgeModule.REPORT_DEPOSIT, report).code()).isEqualTo("proof-refused");

        Mined elsewhere = bridge.pay(gateway, 90_000_000);
        Bytes wrongBlock = Reports.deposit(gateway.gHash(), paid.height(), 1, bridge.litecoin.proof(elsewhere));
        assertThat(bridge.run(1, BridgeModule.REPORT_DEPOSIT, wrongBlock).code())
                .isEqualTo("proof-refused");
        Bytes cut = report.slice(0, report.length() - 1);
        assertThat(bridge.run(1, BridgeModule.REPORT_DEPOSIT, cut).code()).isEqualTo("malformed");
        assertThat(bridge.door(BridgeModule.REPORT_DEPOSIT, cut)).isEqualTo("malformed");
        assertThat(bridge.reportDeposit(gateway, paid).code()).isEmpty();
    }

    @Test
    void aDepositThatFindsTheSigningQueueFullIsSignedLater() {
        BridgeFixture busy = new BridgeFixture(1, LTC);
        busy.deposit(1, 1_000_000);
        Deposit second = busy.deposit(2, 2_000_000);
        assertThat(busy.waits(second)).contains("signing-queue-full");
        assertThat(busy.accounts().inFlight()).isEqualTo(2_992_500);
        busy.signAll();
        assertThat(busy.waits(second)).isEmpty();
        busy.signAll();
        assertThat(busy.accounts().minted()).isEqualTo(2_992_500);
    }
}
