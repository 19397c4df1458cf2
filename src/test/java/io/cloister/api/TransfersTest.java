package io.cloister.api;

import static io.cloister.api.GatewaysTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import io.cloister.api.TransferView.ReferenceView;
import io.cloister.bridge.Reports;
import io.cloister.bridge.Transfer;
import io.cloister.codec.Bytes;
import io.cloister.codec.ethereum.Log;
import io.cloister.ledger.Refusal;
import io.cloister.multichain.ChainProfiles;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.ethereum.GatewayEvent;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransfersTest {
    private static final Bytes SCRIPT = Bytes.concat(Bytes.hex("0014"), Bytes.zeros(20));
    private static final String ADDRESS =
            BitcoinAddress.ofScript(ChainProfiles.LITECOIN_REGTEST, SCRIPT).orElseThrow();
    private static final String ELSEWHERE =
            BitcoinAddress.ofScript(ChainProfiles.BITCOIN_REGTEST, SCRIPT).orElseThrow();

    private final TestNetwork network = new TestNetwork();

    private static Log burn(Bytes contract, String recipient, long amount, int nonce) {
        Bytes data = Bytes.wrap(TupleType.parse("(bytes,uint256)")
                .encode(Tuple.of(Bytes.utf8(recipient).toArray(), BigInteger.valueOf(amount)))
                .array());
        Bytes number = Bytes.of((byte) nonce).padLeft(32);
        return new Log(contract, List.of(GatewayEvent.BURNED, number, Bytes.zeros(32)), data);
    }

    private List<ReferenceView> references(Log... logs) {
        return BurnReport.references(List.of(logs), TestNetwork.EVM, network.state());
    }

    @Test
    void namesTheTransfersThatBurnsBecome() {
        Bytes contract = TestNetwork.LTC.gatewayContract();
        assertThat(references(
                        burn(Bytes.zeros(20), ADDRESS, 500_000, 1),
                        burn(contract, ADDRESS, 500_000, 4),
                        burn(contract, ADDRESS, 500_000, 5)))
                .containsExactly(
                        new ReferenceView(Reports.transferId(TestNetwork.LTC, 4).to0x(), "waiting"),
                        new ReferenceView(Reports.transferId(TestNetwork.LTC, 5).to0x(), "waiting"));
    }

    @Test
    void refusesBurnsThatTheLedgerWouldRefuse() {
        Bytes contract = TestNetwork.LTC.gatewayContract();
        assertRefused("no-burn");
        assertRefused("no-burn", burn(Bytes.zeros(20), ADDRESS, 500_000, 1));
        assertRefused("amount-below-minimum", burn(contract, ADDRESS, 49_999, 1));
        assertRefused("amount-above-supply", burn(contract, ADDRESS, TestNetwork.LTC.supply() + 1, 1));
        assertRefused("recipient-refused", burn(contract, ELSEWHERE, 500_000, 1));
        assertRefused("recipient-refused", burn(contract, "nobody", 500_000, 1));
    }

    private void assertRefused(String code, Log... logs) {
        assertThatThrownBy(() -> references(logs)).satisfies(e -> assertProblem(e, 422, code));
    }

    @Test
    void refusesReportsThatNameNoChainOrNoTransaction() {
        String hash = "0x" + "11".repeat(32);
        assertThatThrownBy(() -> new BurnReport("moon", hash).references(Map.of(), network.state()))
                .satisfies(e -> assertProblem(e, 400, "unknown-chain"));
        assertThatThrownBy(() -> new BurnReport(null, hash).references(Map.of(), network.state()))
                .satisfies(e -> assertProblem(e, 400, "invalid-field"));
        assertThatThrownBy(() -> new BurnReport("moon", "0x11").references(Map.of(), network.state()))
                .satisfies(e -> assertProblem(e, 400, "invalid-field"));
    }

    @Test
    void findsByAddressesOfTheAssetsHomeChainOnly() {
        Transfers transfers = new Transfers(network.state());
        assertThat(transfers.list(ADDRESS, 10)).isEmpty();
        assertThat(transfers.list(null, 10)).isEmpty();
        assertThatThrownBy(() -> transfers.list(ELSEWHERE, 10))
                .satisfies(e -> assertProblem(e, 400, "address-of-another-network"));
        assertThatThrownBy(() -> transfers.list("nobody", 10))
                .satisfies(e -> assertProblem(e, 400, "address-malformed"));
    }

    @Test
    void saysNothingOfTheLibraryThatReadsAddresses() {
        Transfers transfers = new Transfers(network.state());
        for (String recipient : List.of("\0", "\ud83d\ude00", "rltc1\ud83d\ude00", "rltc1q")) {
            assertThatThrownBy(() -> transfers.list(recipient, 10)).satisfies(e -> {
                assertProblem(e, 400, "address-malformed");
                assertThat(((ApiException) e).problem().detail())
                        .isIn("recipient: not an address", "recipient: not a segregated-witness address");
            });
        }
    }

    @Test
    void showsATransferBeforeItIsPlanned() {
        Transfer transfer = new Transfer(
                Bytes.zeros(32),
                "LTC",
                12,
                1,
                2,
                3,
                SCRIPT,
                500_000,
                500,
                Transfer.State.WAITING,
                Optional.empty(),
                List.of(),
                Bytes.EMPTY,
                40);
        TransferView view = TransferView.of(transfer, TestNetwork.LTC);
        assertThat(view.recipient()).isEqualTo(ADDRESS);
        assertThat(view.state()).isEqualTo("waiting");
        assertThat(view.amount()).isEqualTo("500000");
        assertThat(view.minerFee()).isEqualTo("0");
        assertThat(view.received()).isNull();
        assertThat(view.txid()).isNull();
        assertThat(view.raw()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "gateway-known, 409",
        "already-observed, 409",
        "duplicate, 409",
        "malformed, 400",
        "unknown-gateway, 404",
        "asset-paused, 422",
        "proof-refused, 422",
        "shard-not-ready, 503",
        "pool-full, 503",
        "expired, 503"
    })
    void answersARefusalWithItsOwnCode(String code, int status) {
        assertProblem(Refusals.problem(new Refusal(code, "why")), status, code);
    }
}
