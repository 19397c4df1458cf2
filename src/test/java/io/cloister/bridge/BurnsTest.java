package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.ledger.Receipt;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.ethereum.ReceiptProof;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BurnsTest {
    private static final Asset LTC = BridgeFixture.LTC;

    private final BridgeFixture bridge = new BridgeFixture();

    @BeforeEach
    void mintSomething() {
        bridge.minted(1, 10_000_000);
    }

    private Log burned(long amount, long nonce) {
        return TestEthereum.burned(BridgeFixture.CONTRACT, BridgeFixture.address(9), BigInteger.valueOf(amount), nonce);
    }

    /** Mines, observes and reports a block with this outcome. */
    private String report(boolean success, Log... logs) {
        long height = bridge.ethereum.mine(success, logs);
        bridge.observeEthereum(height);
        return bridge.run(1, BridgeModule.REPORT_BURN, bridge.burnReport(height))
                .code();
    }

    @Test
    void aBurnBecomesAWaitingTransferAndLeavesTheMintedAmount() {
        assertThat(bridge.burn(4_000_000).code()).isEmpty();
        Transfer transfer = bridge.lastTransfer();
        assertThat(transfer.state()).isEqualTo(Transfer.State.WAITING);
        assertThat(transfer.recipientScript()).isEqualTo(TestLitecoin.somebody(9));
        assertThat(transfer.bridgeFee()).isEqualTo(4_000);
        assertThat(transfer.gone()).isEqualTo(3_996_000);
        assertThat(bridge.accounts()).isEqualTo(new Accounts(10_000_000, 5_975_000, 29_000, 3_996_000, 0, 0));
        assertThat(BridgeState.openTransfers(bridge.state())).containsExactly(transfer);
    }

    @Test
    void theSameBurnIsTakenOnceHoweverItIsProved() {
        long height = bridge.ethereum.mine(true, burned(1_000_000, 0));
        bridge.observeEthereum(height);
        Bytes report = bridge.burnReport(height);
        List<Receipt> both = bridge.block(
                bridge.transaction(1, BridgeModule.REPORT_BURN, report),
                bridge.transaction(2, BridgeModule.REPORT_BURN, report));
        assertThat(both.get(0).code()).isEmpty();
        assertThat(both.get(1).code()).isEqualTo("burn-known");
        Accounts once = bridge.accounts();
        assertThat(report(true, burned(2_000_000, 0)))
                .as("another burn of that number")
                .isEqualTo("burn-known");
        assertThat(bridge.accounts()).isEqualTo(once);
    }

    @Test
    void takesEveryBurnOfATransaction() {
        long height = bridge.ethereum.mine(true, burned(1_000_000, 0), burned(2_000_000, 1));
        bridge.observeEthereum(height);
        ReceiptProof proof = bridge.ethereum.proof(height, 1);
        for (int log = 0; log < 2; log++) {
            Bytes report = Reports.burn(LTC.symbol(), height, log, proof);
            assertThat(bridge.run(1, BridgeModule.REPORT_BURN, report).code()).isEmpty();
        }
        assertThat(bridge.transfer(0).amount()).isEqualTo(1_000_000);
        assertThat(bridge.transfer(1).amount()).isEqualTo(2_000_000);
        Bytes third = Reports.burn(LTC.symbol(), height, 2, proof);
        assertThat(bridge.run(1, BridgeModule.REPORT_BURN, third).code()).isEqualTo("proof-refused");
    }

    @Test
    void refusesAnotherEmitterAFailedTransactionAndAnotherEvent() {
        Accounts before = bridge.accounts();
        Log foreign = TestEthereum.burned(
                Bytes.hex("dd".repeat(20)), BridgeFixture.address(9), BigInteger.valueOf(1_000_000), 0);
        assertThat(report(true, foreign)).isEqualTo("proof-refused");
        assertThat(report(false, burned(1_000_000, 0))).isEqualTo("proof-refused");
        Log other = new Log(BridgeFixture.CONTRACT, List.of(Bytes.zeros(32)), Bytes.EMPTY);
        assertThat(report(true, other)).isEqualTo("proof-refused");
        assertThat(bridge.accounts()).isEqualTo(before);
    }

    @Test
    void refusesAnUnknownAssetAnUnobservedBlockAndAnotherBlocksProof() {
        long height = bridge.ethereum.mine(true, burned(1_000_000, 0));
        Bytes early = bridge.burnReport(height);
        assertThat(bridge.run(1, BridgeModule.REPORT_BURN, early).code()).isEqualTo("block-not-observed");
        assertThat(bridge.door(BridgeModule.REPORT_BURN, early)).isEqualTo("block-not-observed");
        bridge.observeEthereum(height);
        Bytes unknown = Reports.burn("DOGE", height, 0, bridge.ethereum.proof(height, 1));
        assertThat(bridge.run(1, BridgeModule.REPORT_BURN, unknown).code()).isEqualTo("unknown-asset");
        long later = bridge.ethereum.mine(true, burned(9_000_000, 1));
        Bytes mixed = Reports.burn(LTC.symbol(), height, 0, bridge.ethereum.proof(later, 1));
        assertThat(bridge.run(1, BridgeModule.REPORT_BURN, mixed).code()).isEqualTo("proof-refused");
        ReceiptProof good = bridge.ethereum.proof(height, 1);
        ReceiptProof moved = new ReceiptProof(good.header(), 0, good.nodes());
        assertThat(bridge.run(1, BridgeModule.REPORT_BURN, Reports.burn(LTC.symbol(), height, 0, moved))
                        .code())
                .isEqualTo("proof-refused");
    }

    @Test
    void aHugeLogIndexIsMalformedAtTheDoorAndInABlock() {
        long height = bridge.ethereum.mine(true, burned(1_000_000, 0));
        bridge.observeEthereum(height);
        Bytes good = bridge.burnReport(height);
        int at = 4 + LTC.symbol().length() + Long.BYTES;
        Bytes report =
                Bytes.concat(good.slice(0, at), Bytes.hex("ffffffff"), good.slice(at + 4, good.length() - at - 4));
        assertThat(bridge.door(BridgeModule.REPORT_BURN, report)).isEqualTo("malformed");
        assertThat(bridge.run(1, BridgeModule.REPORT_BURN, report).code()).isEqualTo("malformed");
    }

    @Test
    void boundsTheAmount() {
        BigInteger wrapped = BigInteger.ONE.shiftLeft(64).add(BigInteger.valueOf(1_000_000));
        assertThat(bridge.burn(BridgeFixture.address(9), wrapped).code()).isEqualTo("amount-above-supply");
        assertThat(bridge.burn(LTC.supply() + 1).code()).isEqualTo("amount-above-supply");
        assertThat(bridge.burn(9_975_001).code()).isEqualTo("burn-exceeds-minted");
        assertThat(bridge.burn(9_975_000).code()).isEmpty();
        assertThat(bridge.accounts().minted()).isZero();
        assertThat(bridge.burn(LTC.minimumBurn()).code()).isEqualTo("burn-exceeds-minted");
    }

    @Test
    void aBurnForNobodyIsBookedAndNeverReleased() {
        BigInteger amount = BigInteger.valueOf(1_000_000);
        Bytes mainnet = Bytes.utf8(BitcoinAddress.ofScript(ChainProfiles.LITECOIN, TestLitecoin.somebody(9))
                .orElseThrow());
        Bytes ownVault = Bytes.utf8(bridge.vault().address(Gateways.profile(LTC)));
        List<Bytes> bad = List.of(
                Bytes.EMPTY,
                Bytes.utf8("nobody"),
                Bytes.hex("ff00fe"),
                mainnet,
                Bytes.utf8("x".repeat(5_000)),
                ownVault);
        bridge.feeRate(4_000, 1, 2, 3);
        for (Bytes recipient : bad) {
            Accounts before = bridge.accounts();
            assertThat(bridge.burn(recipient, amount).code()).isEmpty();
            assertThat(bridge.lastTransfer().state()).isEqualTo(Transfer.State.REFUSED);
            assertThat(bridge.accounts())
                    .isEqualTo(new Accounts(
                            before.locked(), before.minted() - 1_000_000, before.feesOwed() + 1_000_000, 0, 0, 0));
        }
        assertThat(BridgeState.openTransfers(bridge.state())).isEmpty();
        Bytes id = bridge.lastTransfer().id();
        Bytes broadcast = Reports.broadcast(id, Bytes.zeros(32));
        assertThat(bridge.run(1, BridgeModule.RELEASE_BROADCAST, broadcast).code())
                .isEqualTo("release-not-ready");
        assertThat(bridge.door(BridgeModule.RELEASE_BROADCAST, broadcast)).isEqualTo("release-not-ready");
    }

    @Test
    void aBurnBelowTheMinimumIsBookedAndNeverReleased() {
        Accounts before = bridge.accounts();
        long little = LTC.minimumBurn() - 1;
        assertThat(bridge.burn(little).code()).isEmpty();
        assertThat(bridge.lastTransfer().state()).isEqualTo(Transfer.State.REFUSED);
        assertThat(bridge.accounts().minted()).isEqualTo(before.minted() - little);
        assertThat(bridge.accounts().feesOwed()).isEqualTo(before.feesOwed() + little);
        assertThat(BridgeState.openTransfers(bridge.state())).isEmpty();
    }

    @Test
    void whatTheSmallestDepositMintsCanBeBurntAtTheHighestFeeRate() {
        Deposit least = bridge.minted(2, LTC.minimumDeposit());
        bridge.feeRate(Long.MAX_VALUE, 1, 2, 3, 4);
        assertThat(bridge.burn(least.net()).code()).isEmpty();
        assertThat(bridge.lastTransfer().state()).isEqualTo(Transfer.State.SIGNING);
        assertThat(bridge.burn(LTC.minimumBurn()).code()).isEmpty();
    }
}
