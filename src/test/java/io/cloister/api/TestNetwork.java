package io.cloister.api;

import io.cloister.bridge.Asset;
import io.cloister.bridge.BridgeModule;
import io.cloister.bridge.BridgeState;
import io.cloister.bridge.Deposit;
import io.cloister.bridge.Gateway;
import io.cloister.bridge.Reports;
import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.consensus.Block;
import io.cloister.consensus.BlockContext;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.CertifiedBlock;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Execution;
import io.cloister.consensus.Genesis;
import io.cloister.consensus.Header;
import io.cloister.consensus.InvalidBlock;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.TransactionRefused;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.VoteType;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Context;
import io.cloister.ledger.Ledger;
import io.cloister.ledger.LedgerClient;
import io.cloister.ledger.Module;
import io.cloister.ledger.Receipt;
import io.cloister.ledger.Refusal;
import io.cloister.ledger.TestBlocks;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.View;
import io.cloister.ledger.membership.Member;
import io.cloister.ledger.membership.Members;
import io.cloister.mpc.board.BoardModule;
import io.cloister.mpc.board.BoardTransaction.SignatureProduced;
import io.cloister.mpc.board.BoardView;
import io.cloister.mpc.board.RequestState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Four validators' chain in one object: the real ledger with board and bridge, certified blocks, and a shard's key that the
 * test knows. Time rises by a second with each block.
 */
final class TestNetwork implements Chain, LedgerClient {
    static final String CHAIN = "api-test";
    static final String HOME = "litecoin-regtest";
    static final String EVM = "ethereum-dev";
    static final long LIFETIME = 3_600_000;
    static final long START = 1_760_000_000_000L;
    static final Asset LTC = new Asset(
            "LTC",
            HOME,
            8_400_000_000_000_000L,
            EVM,
            31337,
            Bytes.hex("c0ffee254729296a45a3885639ac7e10f9d54979"),
            Bytes.hex("999999cf1046e68e36e1aa2e0e07105eddd1f08e"),
            30,
            10,
            100_000,
            50_000,
            1_000_000_000_000L,
            1_000,
            100_000,
            LIFETIME,
            2,
            guardians());

    private static final int SIZE = 4;
    private static final int VALID = 400;

    final SigningKey shard = SigningKey.generate();
    final Ledger ledger;
    private final List<SigningKey> slots = keys();
    private final List<SigningKey> votes = keys();
    private final Genesis genesis;
    private final List<CertifiedBlock> blocks = new ArrayList<>();
    private final List<ValidatorSet> validators = new ArrayList<>();
    private long time = START;
    private List<Receipt> newest = List.of();

    TestNetwork() {
        KeyedBoard board = new KeyedBoard(shard.publicKey(), SIZE);
        BridgeModule bridge = new BridgeModule(List.of(LTC), board);
        board.connect(bridge);
        List<Module> modules = List.of(new Founders(), board, bridge);
        ValidatorSet first = new ValidatorSet(IntStream.range(0, SIZE)
                .mapToObj(i ->
                        new Validator(i + 1, slots.get(i).id(), votes.get(i).id(), 1, 1))
                .toList());
        validators.add(first);
        genesis = new Genesis(CHAIN, 0, time, first, Ledger.firstState(CHAIN, 0, time, first, modules));
        ledger = new Ledger(genesis, modules);
        ledger.addListener(committed -> newest = committed.receipts());
    }

    private static List<SigningKey> keys() {
        return IntStream.range(0, SIZE).mapToObj(i -> SigningKey.generate()).toList();
    }

    private static List<Bytes> guardians() {
        return keys().stream().map(SigningKey::id).toList();
    }

    /** Stands in the place of the membership module: its members never restart. */
    private final class Founders implements Module {
        @Override
        public int id() {
            return Members.MODULE;
        }

        @Override
        public void genesis(Context context) {
            for (int i = 0; i < SIZE; i++) {
                Bytes number = new Writer().u16(i + 1).toBytes();
                Bytes key = Bytes.concat(Bytes.utf8("member/"), number);
                Bytes slot = slots.get(i).id();
                Bytes vote = votes.get(i).id();
                context.put(key, new Member(i + 1, slot, vote, slot, vote, 1, 0, "D", Bytes.zeros(32)).encode());
                context.put(Bytes.concat(Bytes.utf8("holder/"), number), slot);
            }
        }

        @Override
        public void check(Transaction transaction, View state) {}

        @Override
        public void execute(Transaction transaction, Context context) {}
    }

    /** A validator's transaction; slots begin at 1. */
    Bytes transaction(int slot, int module, int kind, Bytes body) {
        return Transaction.sign(votes.get(slot - 1), CHAIN, module, kind, height() + VALID, body)
                .encode();
    }

    /** Makes a block final whose time is not before this. */
    void passUntil(long millis) {
        time = Math.max(time, millis - 1_000);
        commit();
    }

    /** Makes a block final. */
    List<Receipt> commit(Bytes... transactions) {
        long height = height() + 1;
        time += 1_000;
        Bytes parent =
                blocks.isEmpty() ? genesis.id() : blocks.getLast().block().id();
        List<Bytes> body = List.of(transactions);
        ValidatorSet deciding = validators.getLast();
        Bytes proposer = deciding.at(0).nodeId();
        BlockContext context = TestBlocks.context(height, time, proposer, parent);
        Execution done;
        try {
            done = ledger.process(context, body);
        } catch (InvalidBlock e) {
            throw new AssertionError(e);
        }
        Block made = TestBlocks.block(CHAIN, context, body, deciding.hash(), done);
        CertifiedBlock block = new CertifiedBlock(made, certificate(made.header()));
        blocks.add(block);
        validators.add(done.nextValidators());
        ledger.finalizeBlock(block.block(), block.certificate(), done);
        return newest;
    }

    private Certificate certificate(Header header) {
        Bytes digest = SignBytes.vote(CHAIN, 0, header.height(), 0, VoteType.PRECOMMIT, Optional.of(header.id()));
        List<CommitSignature> signatures = IntStream.range(0, SIZE - 1)
                .mapToObj(i ->
                        new CommitSignature(i + 1, votes.get(i).sign(digest).recoverable()))
                .toList();
        return new Certificate(0, header.height(), 0, header.id(), signatures);
    }

    /** Puts a gateway on the ledger. */
    Gateway gateway(Bytes recipient, Bytes nonce) {
        commit(transaction(
                1,
                BridgeState.MODULE,
                BridgeModule.REGISTER_GATEWAY,
                Reports.gateway(LTC.symbol(), recipient, Bytes.EMPTY, nonce)));
        return BridgeState.gateways(state()).stream()
                .filter(g -> g.nonce().equals(nonce))
                .findFirst()
                .orElseThrow();
    }

    /** A paid, observed, proved and accepted deposit. */
    Deposit deposit(Gateway gateway, long amount) {
        HomeBlock paid = HomeBlock.paying(gateway.script().output(), amount, time / 1_000);
        Bytes observation = Reports.blocks(HOME, List.of(paid.at(100)));
        commit(
                transaction(1, BridgeState.MODULE, BridgeModule.OBSERVE_BLOCKS, observation),
                transaction(2, BridgeState.MODULE, BridgeModule.OBSERVE_BLOCKS, observation),
                transaction(3, BridgeState.MODULE, BridgeModule.OBSERVE_BLOCKS, observation));
        Bytes report = Reports.deposit(gateway.gHash(), 100, 0, paid.proof());
        commit(transaction(1, BridgeState.MODULE, BridgeModule.REPORT_DEPOSIT, report));
        return BridgeState.deposit(state(), paid.payment()).orElseThrow();
    }

    /** Orders the shard's signature of everything that waits for one; the shard's key is the root key. */
    Bytes sign() {
        RequestState pending = BoardView.of(state()).pending().getFirst();
        SignatureProduced produced = new SignatureProduced(
                pending.request().requestId(), shard.sign(pending.request().digest()));
        Bytes transaction = transaction(2, BoardModule.ID, produced.kind(), produced.encode());
        commit(transaction);
        return Transaction.decode(transaction).hash();
    }

    @Override
    public CompletableFuture<Receipt> submit(int module, int kind, Bytes body) {
        Bytes transaction = transaction(1, module, kind, body);
        try {
            ledger.check(transaction);
        } catch (TransactionRefused e) {
            return CompletableFuture.failedFuture(new Refusal(e.code(), "refused at the door"));
        }
        return CompletableFuture.completedFuture(commit(transaction).getFirst());
    }

    @Override
    public View state() {
        return ledger.state();
    }

    @Override
    public long height() {
        return blocks.size();
    }

    @Override
    public Optional<CertifiedBlock> block(long height) {
        return height >= 1 && height <= height() ? Optional.of(blocks.get((int) height - 1)) : Optional.empty();
    }

    @Override
    public Optional<CertifiedHeader> header(long height) {
        return block(height).map(CertifiedBlock::header);
    }

    @Override
    public Optional<ValidatorSet> validators(long height) {
        return height >= 1 && height <= height() ? Optional.of(validators.get((int) height - 1)) : Optional.empty();
    }
}
