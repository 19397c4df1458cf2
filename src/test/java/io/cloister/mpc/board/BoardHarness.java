package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import io.cloister.ledger.Context;
import io.cloister.ledger.Transaction;
import io.cloister.ledger.membership.Member;
import io.cloister.mpc.MembershipCommittee;
import io.cloister.mpc.board.BoardTransaction.ConfirmTranscript;
import io.cloister.mpc.board.BoardTransaction.IncludeDealing;
import io.cloister.mpc.board.BoardTransaction.Support;
import io.cloister.mpc.dealing.ShareKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A board with members whose dealings are only names: the board never looks inside a dealing that nobody complains
 * about.
 */
final class BoardHarness implements SignatureSink {
    final int size;
    final BoardModule board;
    final TestLedger ledger;
    final SortedMap<Integer, SigningKey> votes = new TreeMap<>();
    final SortedMap<Integer, ShareKey> shareKeys = new TreeMap<>();
    final SortedMap<Integer, Long> boots = new TreeMap<>();
    final SigningKey root = SigningKey.generate();
    final List<Signature> sunk = new ArrayList<>();
    private final Map<Integer, Bytes> nodeIds = new TreeMap<>();

    BoardHarness(int size, BoardParameters parameters) {
        this.size = size;
        this.board = new BoardModule(parameters, new MembershipCommittee());
        board.connect(this);
        for (int slot = 1; slot <= size; slot++) {
            votes.put(slot, SigningKey.generate());
            shareKeys.put(slot, ShareKey.generate());
            nodeIds.put(slot, SigningKey.generate().id());
            boots.put(slot, 1L);
        }
        this.ledger =
                new TestLedger(board, votes.keySet().stream().map(this::member).toList());
    }

    static BoardParameters parameters() {
        return new BoardParameters(
                2,
                4,
                2,
                4,
                new BoardParameters.Deadline(60, 1_000),
                new BoardParameters.Deadline(5, 500),
                new BoardParameters.Deadline(5, 500),
                3);
    }

    Member member(int slot) {
        Bytes key = shareKeys.get(slot).id();
        return new Member(
                slot, nodeIds.get(slot), votes.get(slot).id(), key, key, boots.get(slot), 0, "D", Bytes.zeros(32));
    }

    BoardView view() {
        return BoardView.of(ledger.view(0));
    }

    MpcKeys keys() {
        return new MpcKeys(ledger.view(0));
    }

    Bytes dealingId(long instance, int dealer) {
        return Hashes.sha256(Bytes.utf8("dealing " + instance + " of " + dealer));
    }

    Support support(long instance, int dealer, int slot) {
        Bytes digest = view().instance(instance)
                .orElseThrow()
                .context(TestLedger.CHAIN)
                .supportDigest(dealer, dealingId(instance, dealer));
        return new Support(slot, votes.get(slot).sign(digest));
    }

    IncludeDealing dealing(long instance, int dealer, int... supporters) {
        return new IncludeDealing(
                instance,
                dealer,
                dealingId(instance, dealer),
                IntStream.of(supporters)
                        .mapToObj(slot -> support(instance, dealer, slot))
                        .toList());
    }

    /** Executes a transaction in a block of its own; the code of its refusal, if it is refused there. */
    Optional<String> execute(int slot, BoardTransaction transaction) {
        int before = ledger.refusals().size();
        Transaction signed = Transaction.sign(
                votes.get(slot),
                TestLedger.CHAIN,
                BoardModule.ID,
                transaction.kind(),
                ledger.height() + 10,
                transaction.encode());
        ledger.submitUnchecked(signed);
        ledger.block(100);
        return ledger.refusals().size() == before
                ? Optional.empty()
                : Optional.of(ledger.refusals().getLast());
    }

    /** What the door says. */
    Optional<String> check(int slot, BoardTransaction transaction) {
        return ledger.submit(Transaction.sign(
                votes.get(slot),
                TestLedger.CHAIN,
                BoardModule.ID,
                transaction.kind(),
                ledger.height() + 10,
                transaction.encode()));
    }

    int[] everybody() {
        return IntStream.rangeClosed(1, size).toArray();
    }

    /** Includes as many dealings as close the instance. */
    void close(long instance, int... dealers) {
        Instance open = view().instance(instance).orElseThrow();
        int[] supporters = IntStream.rangeClosed(1, size)
                .filter(slot -> open.kind().isKey()
                        || view().batch(open.batch()).orElseThrow().isLive(slot))
                .toArray();
        int needed = open.kind().dealings(open.threshold());
        IntStream.of(dealers).limit(needed).forEach(d -> execute(d, dealing(instance, d, supporters)));
    }

    ConfirmTranscript key(long instance, Point publicKey) {
        List<Point> commitments = new ArrayList<>(List.of(publicKey));
        for (int m = 0; m < (size - 1) / 3; m++) {
            commitments.add(Point.G);
        }
        return new ConfirmTranscript(instance, Bytes.zeros(32), commitments);
    }

    /** Makes both keys; the signing key is one that the test knows. */
    void makeKeys() {
        ledger.block(100);
        for (String label : KeyState.LABELS) {
            close(view().key(label).orElseThrow().randomInstance(), everybody());
            long unmask = view().key(label).orElseThrow().unmaskInstance();
            close(unmask, everybody());
            for (int slot = 1; slot <= size - (size - 1) / 3; slot++) {
                execute(slot, key(unmask, root.publicKey()));
            }
        }
    }

    /** Takes a batch through to where it can be used, with these confirming. */
    void makeBatch(long number, int... confirming) {
        int[] live = view().batch(number).orElseThrow().live().stream()
                .mapToInt(Generation::slot)
                .toArray();
        close(view().batch(number).orElseThrow().randomInstance(), live);
        close(view().batch(number).orElseThrow().productInstance(), live);
        for (int slot : confirming) {
            long product = view().batch(number).orElseThrow().productInstance();
            execute(slot, new ConfirmTranscript(product, Bytes.zeros(32), List.of()));
        }
    }

    void restart(int slot) {
        boots.merge(slot, 1L, Long::sum);
        ledger.block(100, Optional.of(context -> {
            context.as(1).put(memberKey(slot), member(slot).encode());
            board.slotRestarted(context, slot, boots.get(slot));
        }));
    }

    Optional<String> request(SigningRequest request) {
        int before = ledger.refusals().size();
        ledger.block(100, Optional.of(context -> board.requestSignature(context, request)));
        return ledger.refusals().size() == before
                ? Optional.empty()
                : Optional.of(ledger.refusals().getLast());
    }

    @Override
    public int module() {
        return 3;
    }

    @Override
    public void signatureProduced(Context own, SigningRequest request, Point publicKey, Signature signature) {
        sunk.add(signature);
        own.put(request.requestId(), signature.recoverable());
    }

    private static Bytes memberKey(int slot) {
        return Bytes.concat(Bytes.utf8("member/"), BoardView.u16(slot));
    }
}
