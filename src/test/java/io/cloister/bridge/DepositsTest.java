package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.bridge.TestLitecoin.Mined;
import io.cloister.codec.Bytes;
import io.cloister.crypto.Ecdsa;
import io.cloister.ledger.Receipt;
import io.cloister.multichain.TransferHashes;
import io.cloister.multichain.bitcoin.BitcoinTransaction;
import io.cloister.multichain.bitcoin.SpvProof;
import io.cloister.multichain.bitcoin.TxOutput;
import java.util.List;
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
        assertThat(bridge.accounts()).isEqualTo(new Accounts(10_000_000, 0, 25_000, 9_975_000, 0));

        bridge.signAll();
        Deposit signed =
                BridgeState.deposit(bridge.state(), accepted.outpoint()).orElseThrow();
        assertThat(bridge.accounts()).isEqualTo(new Accounts(10_000_000, 9_975_000, 25_000, 0, 0));
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
                LTC.dailyCap(),
                LTC.feeRateFloor(),
                LTC.feeRateCap(),
                LTC.gatewayLifetimeMillis(),
                LTC.guardianThreshold(),
                LTC.guardians());
    }

    @Test
    void refusesADepositToAnExpiredGateway() {
        Gateway gateway = bridge.gateway(1);
        Mined paid = bridge.pay(gateway, 10_000_000);
        bridge.observeLitecoin(paid.height());
        bridge.chain.millis = gateway.expiryMillis() - 1_000;
        Bytes report = bridge.depositReport(gateway, paid);
        bridge.chain.millis += 1;
        assertThat(bridge.run(2, BridgeModule.REPORT_DEPOSIT, report).code()).isEqualTo("gateway-expired");
        bridge.chain.millis = gateway.expiryMillis() - 1_000;
        assertThat(bridge.run(2, BridgeModule.REPORT_DEPOSIT, report).code())
                .as("the last moment counts")
                .isEmpty();
    }

    @Test
    void aLargeDepositWaitsForObservedBlocksOnTop() {
        Gateway gateway = bridge.gateway(1);
        long amount = 20_000_000_001L; // 201 coins: five blocks at 50 coins each, two more than the floor
        Mined paid = bridge.pay(gateway, amount);
        bridge.litecoin.mineEmpty(2);
        bridge.observeLitecoin(paid.height());
        assertThat(refused(gateway, paid)).isEqualTo("not-deep-enough");
        bridge.observeLitecoin(paid.height() + 1);
        assertThat(refused(gateway, paid)).isEqualTo("not-deep-enough");
        bridge.observeLitecoin(paid.height() + 2);
        assertThat(refused(gateway, paid))
                .as("deep enough, but more than a day may mint")
                .isEqualTo("daily-cap-reached");
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
    void aFullSigningQueueRefusesADepositThatIsThenReportedAgain() {
        BridgeFixture busy = new BridgeFixture(1, LTC);
        busy.deposit(1, 1_000_000);
        Gateway gateway = busy.gateway(2);
        Mined paid = busy.pay(gateway, 2_000_000);
        busy.observeLitecoin(paid.height());
        assertThat(busy.reportDeposit(gateway, paid).code()).isEqualTo("signing-queue-full");
        assertThat(busy.accounts().locked()).isEqualTo(1_000_000);
        busy.signAll();
        assertThat(busy.reportDeposit(gateway, paid).code()).isEmpty();
    }
}
