package io.cloister.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.attestation.EvidenceVerifier;
import io.cloister.attestation.Policy;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.SecretScalar;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.TestChain;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.MembershipModule;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardParameters;
import io.cloister.mpc.board.BoardParameters.Deadline;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.BoardView;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.board.RequestState;
import io.cloister.mpc.board.SigningRequest;
import io.cloister.mpc.sharing.Derivation;
import io.cloister.multichain.BlockRef;
import io.cloister.multichain.bitcoin.BitcoinAddress;
import io.cloister.multichain.bitcoin.GatewayScript;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Four validators on a real ledger with the real modules, and two foreign chains. One plain key stands for the shard:
 * it answers signing requests through the board's own transaction, as the four would together.
 */
final class BridgeFixture {
    static final long START = 1_750_000_000_000L;
    static final long DAY = 86_400_000L;
    static final Bytes CONTRACT = Bytes.hex("c0".repeat(20));
    static final Bytes RECIPIENT = Bytes.hex("ab".repeat(20));

    static final Asset LTC = asset("LTC", CONTRACT);

    final TestChain chain = new TestChain("bridge-test", START);
    final SecretScalar shard = SecretScalar.fromPublic(Scalar.hash("cloister/test-shard/v1"));
    final Point shardKey = Point.base(shard);
    final TestLitecoin litecoin = new TestLitecoin(() -> chain.millis / 1_000);
    final TestEthereum ethereum = new TestEthereum();
    private long burns;

    BridgeFixture() {
        this(256, true, LTC);
    }

    BridgeFixture(int maxPending, Asset... assets) {
        this(maxPending, true, assets);
    }

    /**
     * @param maxPending signing requests that wait at one time
     * @param hasKey whether the shard's key has been generated
     */
    BridgeFixture(int maxPending, boolean hasKey, Asset... assets) {
        Deadline deadline = new Deadline(1_000_000, 1_000_000_000L);
        BoardModule board = new BoardModule(
                new BoardParameters(1, 1, 1, 1, deadline, deadline, deadline, maxPending), new MembershipCommittee());
        BridgeModule bridge = new BridgeModule(List.of(assets), board);
        board.connect(bridge);
        MembershipModule membership = new MembershipModule(
                chain.founders(), Policy.devnet(List.of(), List.of()), new EvidenceVerifier(), List.of(board));
        Bytes key = Bytes.concat(Bytes.of((byte) BoardModule.ID), Bytes.utf8("key/" + KeyState.SIGNING));
        chain.start(List.of(membership, board, bridge), hasKey ? Map.of(key, generatedKey()) : Map.of());
    }

    static Asset asset(String symbol, Bytes contract) {
        return asset(symbol, contract, 1_000_000_000L);
    }

    static Asset asset(String symbol, Bytes contract, long dailyCap) {
        return new Asset(
                symbol,
                "litecoin-regtest",
                8_400_000_000_000_000L,
                "ethereum-dev",
                31_337,
                contract,
                Bytes.hex("70".repeat(20)),
                25,
                10,
                50_000,
                40_000,
                dailyCap,
                2_000,
                50_000,
                2 * DAY,
                2,
                IntStream.range(0, 3)
                        .mapToObj(i -> TestChain.key(symbol + " guardian " + i).id())
                        .toList());
    }

    /** The board's record of a finished key, as distributed key generation leaves it behind. */
    private Bytes generatedKey() {
        return new Writer()
                .string(KeyState.SIGNING)
                .u64(0)
                .u64(1_000_001)
                .u64(1_000_002)
                .u32(0)
                .u8(1)
                .fixed(Bytes.zeros(32))
                .u32(1)
                .fixed(shardKey.encode())
                .toBytes();
    }

    View state() {
        return chain.ledger().state();
    }

    Accounts accounts() {
        return BridgeState.accounts(state(), LTC.symbol());
    }

    Optional<String> paused() {
        return BridgeState.pausedBecause(state(), LTC.symbol());
    }

    Bytes transaction(int slot, int kind, Bytes body) {
        return chain.transaction(slot, BridgeState.MODULE, kind, body);
    }

    /** Commits a block and checks what must hold after each. */
    List<Receipt> block(Bytes... encoded) {
        return block(List.of(encoded));
    }

    List<Receipt> block(List<Bytes> encoded) {
        List<Receipt> receipts = chain.block(encoded).receipts();
        requireInvariants();
        assertThat(receipts).noneMatch(r -> r.code().equals("module-failed"));
        assertThat(receipts.getLast().events()).noneMatch(e -> e.name().equals(Ledger.MODULE_FAILED));
        return receipts;
    }

    /** Counted afresh from whole records, by another way than the module's own check. */
    private void requireInvariants() {
        for (Asset asset : BridgeState.assets(state())) {
            Accounts now = BridgeState.accounts(state(), asset.symbol());
            assertThat(now.locked() + now.deficit()).isEqualTo(now.minted() + now.feesOwed() + now.inFlight());
            assertThat(List.of(now.locked(), now.minted(), now.feesOwed(), now.inFlight(), now.deficit()))
                    .allMatch(number -> number >= 0);
            long held = BridgeState.outputs(state()).stream()
                    .filter(o -> o.asset().equals(asset.symbol()) && o.state() != VaultOutput.State.PENDING)
                    .mapToLong(o -> o.coin().value())
                    .sum();
            assertThat(now.locked()).isEqualTo(held);
            assertThat(BridgeState.pausedBecause(state(), asset.symbol()))
                    .isNotEqualTo(Optional.of(Safety.OUT_OF_BALANCE));
        }
        assertThat(BridgeState.CHANGED.keys(state().module(BridgeState.MODULE), Bytes.EMPTY, 10))
                .isEmpty();
    }

    /** One transaction in a block of its own. */
    Receipt run(int slot, int kind, Bytes body) {
        return block(transaction(slot, kind, body)).getFirst();
    }

    /** Every transaction in one block. */
    void runAll(int kind, Bytes body, int... slots) {
        block(IntStream.of(slots)
                .mapToObj(slot -> transaction(slot, kind, body))
                .toList());
    }

    /** What the door says: empty for welcome. */
    String door(int kind, Bytes body) {
        return chain.door(transaction(1, kind, body));
    }

    static Bytes nonce(int number) {
        return Hashes.sha256(Bytes.utf8("nonce " + number));
    }

    Gateway gateway(int number) {
        return gateway(LTC, number);
    }

    Gateway gateway(Asset asset, int number) {
        Receipt receipt = run(
                1,
                BridgeModule.REGISTER_GATEWAY,
                Reports.gateway(asset.symbol(), RECIPIENT, Bytes.EMPTY, nonce(number)));
        assertThat(receipt.code()).isEmpty();
        return BridgeState.gateway(state(), receipt.events().getFirst().data()).orElseThrow();
    }

    TestLitecoin.Mined pay(Gateway gateway, long amount) {
        return litecoin.mine(litecoin.payment(gateway.script().output(), amount));
    }

    void observe(String chain, long height, Bytes hash, int... slots) {
        runAll(BridgeModule.OBSERVE_BLOCKS, Reports.blocks(chain, List.of(new BlockRef(height, hash))), slots);
    }

    /** Three of four state the block of the Litecoin chain at this height. */
    void observeLitecoin(long height) {
        observe(LTC.chain(), height, litecoin.hash(height), 1, 2, 3);
    }

    void observeEthereum(long height) {
        observe(LTC.evmChain(), height, ethereum.hash(height), 2, 3, 4);
    }

    Bytes depositReport(Gateway gateway, TestLitecoin.Mined paid) {
        return depositReport(gateway, paid, 0);
    }

    /** @param above headers to show on top */
    Bytes depositReport(Gateway gateway, TestLitecoin.Mined paid, int above) {
        return Reports.deposit(
                gateway.gHash(),
                paid.height(),
                List.of(1L),
                litecoin.proof(paid),
                litecoin.above(paid.height(), above));
    }

    Receipt reportDeposit(Gateway gateway, TestLitecoin.Mined paid) {
        return run(2, BridgeModule.REPORT_DEPOSIT, depositReport(gateway, paid));
    }

    /** A deposit that is paid, observed and accepted. */
    Deposit deposit(int number, long amount) {
        Gateway gateway = gateway(number);
        TestLitecoin.Mined paid = pay(gateway, amount);
        observeLitecoin(paid.height());
        assertThat(reportDeposit(gateway, paid).code()).isEmpty();
        return BridgeState.deposit(state(), paid.output(1)).orElseThrow();
    }

    /** Why a deposit's mint is not ordered yet. */
    Optional<String> waits(Deposit deposit) {
        return BridgeState.waitsBecause(state(), LTC, deposit);
    }

    /** A deposit whose mint is signed. */
    Deposit minted(int number, long amount) {
        Deposit deposit = deposit(number, amount);
        signAll();
        return BridgeState.deposit(state(), deposit.outpoint()).orElseThrow();
    }

    List<SigningRequest> requests() {
        return BoardView.of(state()).pending().stream()
                .map(RequestState::request)
                .toList();
    }

    Bytes signatureTransaction(SigningRequest request) {
        BoardTransaction produced = new BoardTransaction.SignatureProduced(request.requestId(), signature(request));
        return chain.transaction(4, BoardModule.ID, produced.kind(), produced.encode());
    }

    Signature signature(SigningRequest request) {
        try (SigningKey key = SigningKey.of(shard.add(Derivation.tweak(shardKey, request.path())))) {
            return key.sign(request.digest());
        }
    }

    /** Answers every open signing request in one block. */
    void signAll() {
        block(requests().stream().map(this::signatureTransaction).toList());
    }

    static Bytes address(int number) {
        return Bytes.utf8(BitcoinAddress.ofScript(Gateways.profile(LTC), TestLitecoin.somebody(number))
                .orElseThrow());
    }

    /** Burns in a new observed block and reports it; the recipient is {@link TestLitecoin#somebody} 9. */
    Receipt burn(long amount) {
        return burn(address(9), BigInteger.valueOf(amount));
    }

    Receipt burn(Bytes recipient, BigInteger amount) {
        long height = ethereum.mine(true, TestEthereum.burned(CONTRACT, recipient, amount, burns++));
        observeEthereum(height);
        return run(3, BridgeModule.REPORT_BURN, burnReport(height));
    }

    Bytes burnReport(long height) {
        return Reports.burn(LTC.symbol(), height, 0, ethereum.proof(height, 1));
    }

    /** The transfer of the last burn. */
    Transfer lastTransfer() {
        return transfer(burns - 1);
    }

    Transfer transfer(long burnNonce) {
        return BridgeState.transfer(state(), Reports.transferId(LTC, burnNonce)).orElseThrow();
    }

    GatewayScript vault() {
        return Gateways.vault(LTC, state(), new Shard((any, request) -> Optional.empty()));
    }

    /** Somebody pays to the vault in an observed block. */
    Bytes recapitalisation(long amount) {
        TestLitecoin.Mined paid = litecoin.mine(litecoin.payment(vault().output(), amount));
        observeLitecoin(paid.height());
        return Reports.recapitalise(LTC.symbol(), paid.height(), 1, litecoin.proof(paid), List.of());
    }

    void feeRate(long rate, int... slots) {
        runAll(BridgeModule.OBSERVE_FEE_RATE, Reports.feeRate(LTC.chain(), rate), slots);
    }

    /** Mines, observes and reports a release. */
    Receipt confirm(Transfer transfer) {
        TestLitecoin.Mined mined =
                litecoin.mine(transfer.release().orElseThrow().spend().transaction());
        observeLitecoin(mined.height());
        return run(
                1,
                BridgeModule.RELEASE_CONFIRMED,
                Reports.confirmed(transfer.id(), mined.height(), litecoin.proof(mined)));
    }
}
