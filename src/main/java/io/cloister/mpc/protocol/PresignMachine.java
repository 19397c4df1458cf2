package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.Point;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.board.Batch;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.Generation;
import io.cloister.mpc.board.Instance;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.board.PresignatureId;
import io.cloister.mpc.dealing.Basis;
import io.cloister.mpc.dealing.Dealer;
import io.cloister.mpc.dealing.Transcript;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.Share;
import io.cloister.mpc.sharing.SharingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One batch of presignatures at one node: kappa and lambda, then kappa*lambda and x*lambda, then the statement that
 * this boot holds them (docs/mpc.md, P1 to P6). Nothing secret here is ever written anywhere.
 */
final class PresignMachine implements AutoCloseable {
    private static final long SUBMIT_MILLIS = 3_000;

    /** The first t+1 eligible slots in the batch's turn deal at once, the others only when that was not enough. */
    private static final long RESERVE_MILLIS = 2_000;

    private final long number;
    private final Self self;
    private final int slot;
    private final KeyShareStore store;
    private final Dealers dealers;
    private final Pacer pacer = new Pacer();
    private final long startedAt;
    private Optional<DealingExchange> random = Optional.empty();
    private Optional<DealingExchange> product = Optional.empty();
    private Optional<Transcript> randoms = Optional.empty();
    private Optional<Transcript> products = Optional.empty();
    private Optional<List<Share>> randomShares = Optional.empty();
    private Optional<List<Presignature>> made = Optional.empty();
    private Optional<Commitment> key = Optional.empty();
    private boolean holds;

    PresignMachine(long number, Self self, int slot, KeyShareStore store, Dealers dealers, long now) {
        this.number = number;
        this.self = self;
        this.slot = slot;
        this.store = store;
        this.dealers = dealers;
        this.startedAt = now;
    }

    /** The presignatures, once both transcripts are here; without shares where this boot holds none. */
    Optional<List<Presignature>> presignatures() {
        return made;
    }

    Optional<DealingExchange> exchange(long instance) {
        return random.filter(e -> e.instance().number() == instance)
                .or(() -> product.filter(e -> e.instance().number() == instance));
    }

    /** @param keyShare x_i, when this node has it */
    void advance(Batch batch, Snapshot snapshot, Optional<SecretScalar> keyShare, long now, Effects out) {
        key = snapshot.finished(KeyState.SIGNING).map(t -> new Commitment(SharingKind.SIMPLE, t.commitments()));
        Generation mine = new Generation(slot, self.bootCounter());
        boolean live = batch.live().contains(mine);
        exchanges(batch, snapshot, now, out);
        firstWave(batch, snapshot, live, now, out);
        secondWave(snapshot, live, keyShare, out);
        if (!holds && randoms.isPresent() && products.isPresent()) {
            assemble(batch);
        }
        if (live && holds && !batch.confirmations().containsKey(slot) && pacer.due("confirm", now, SUBMIT_MILLIS)) {
            Bytes hash = TranscriptHashes.join(
                    randoms.orElseThrow().hash(), products.orElseThrow().hash());
            out.submit(new BoardTransaction.ConfirmTranscript(batch.productInstance(), hash, List.of()));
        }
    }

    @Override
    public void close() {
        random.ifPresent(DealingExchange::close);
        product.ifPresent(DealingExchange::close);
        randomShares.ifPresent(Share::closeAll);
        made.ifPresent(all -> all.forEach(Presignature::close));
    }

    private void exchanges(Batch batch, Snapshot snapshot, long now, Effects out) {
        Optional<Instance> first = snapshot.instance(batch.randomInstance());
        if (random.isEmpty()) {
            random = first.map(i ->
                    new DealingExchange(i, snapshot, self, slot, store, dealer -> Optional.of(new Basis.Nothing())));
        }
        Optional<Instance> second = snapshot.instance(batch.productInstance());
        if (product.isEmpty()) {
            product = second.map(i -> new DealingExchange(i, snapshot, self, slot, store, this::productBasis));
        }
        random.ifPresent(e -> first.ifPresent(i -> e.advance(i, snapshot, now, out)));
        product.ifPresent(e -> second.ifPresent(i -> e.advance(i, snapshot, now, out)));
    }

    /** P1: deal kappa and lambda; P2: the sum of the fixed set. */
    private void firstWave(Batch batch, Snapshot snapshot, boolean live, long now, Effects out) {
        random.ifPresent(exchange -> {
            boolean open = !exchange.instance().isClosed() && !exchange.hasDealt();
            if (live && open && mayDeal(batch, snapshot, now)) {
                exchange.deal(dealers.random(exchange.context(), slot), snapshot, out);
            }
            if (randoms.isEmpty()) {
                randoms = exchange.transcript();
            }
            if (randomShares.isEmpty() && !holds) {
                randomShares = exchange.shares();
            }
        });
    }

    /** P3: deal the products of the own shares with proofs; P4: interpolate the fixed set. */
    private void secondWave(Snapshot snapshot, boolean live, Optional<SecretScalar> keyShare, Effects out) {
        product.ifPresent(exchange -> {
            boolean open = !exchange.instance().isClosed() && !exchange.hasDealt();
            boolean able = randoms.isPresent() && randomShares.isPresent() && keyShare.isPresent() && key.isPresent();
            if (live && open && able && snapshot.board().excluded(slot).isEmpty()) {
                exchange.deal(dealers.products(exchange.context(), slot, factors(keyShare.get())), snapshot, out);
            }
            if (products.isEmpty()) {
                products = exchange.transcript();
            }
        });
    }

    private boolean mayDeal(Batch batch, Snapshot snapshot, long now) {
        List<Integer> eligible = batch.live().stream()
                .map(Generation::slot)
                .filter(s -> snapshot.board().excluded(s).isEmpty())
                .toList();
        int position = eligible.indexOf(slot);
        if (position < 0) {
            return false;
        }
        int turn = (int) Math.floorMod(position - number, (long) eligible.size());
        return turn <= snapshot.committee().threshold() || now - startedAt >= RESERVE_MILLIS;
    }

    /** For each presignature kappa_i*lambda_i and x_i*lambda_i. */
    private List<Dealer.Factors> factors(SecretScalar keyShare) {
        List<Commitment> commitments = randoms.orElseThrow().commitments();
        List<Share> shares = randomShares.orElseThrow();
        Point keyPoint = key.orElseThrow().at(slot);
        List<Dealer.Factors> factors = new ArrayList<>();
        for (int k = 0; k < shares.size(); k += 2) {
            Share lambda = shares.get(k + 1);
            Point kappaPoint = commitments.get(k).at(slot);
            Point lambdaPoint = commitments.get(k + 1).at(slot);
            factors.add(new Dealer.Factors(shares.get(k).value(), lambda, kappaPoint, lambdaPoint));
            factors.add(new Dealer.Factors(keyShare, lambda, keyPoint, lambdaPoint));
        }
        return factors;
    }

    private Optional<Basis> productBasis(int dealer) {
        if (randoms.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        List<Commitment> commitments = randoms.get().commitments();
        List<Point> multipliers = new ArrayList<>();
        List<Point> multiplicands = new ArrayList<>();
        for (int k = 0; k < commitments.size(); k += 2) {
            Point lambda = commitments.get(k + 1).at(dealer);
            multipliers.add(commitments.get(k).at(dealer));
            multipliers.add(key.get().at(dealer));
            multiplicands.add(lambda);
            multiplicands.add(lambda);
        }
        return Optional.of(new Basis.Products(multipliers, multiplicands));
    }

    /** First without shares, for checking and combining others'; with them once this boot has all of its own. */
    private void assemble(Batch batch) {
        Optional<List<Share>> productShares =
                randomShares.isPresent() ? product.flatMap(DealingExchange::shares) : Optional.empty();
        if (made.isPresent() && productShares.isEmpty()) {
            return;
        }
        holds = productShares.isPresent();
        List<Commitment> first = randoms.orElseThrow().commitments();
        List<Commitment> second = products.orElseThrow().commitments();
        List<Presignature> all = new ArrayList<>();
        for (int index = 0; index < batch.width(); index++) {
            int k = 2 * index;
            Optional<Presignature.Shares> own = productShares.map(shares -> new Presignature.Shares(
                    randomShares.orElseThrow().get(k + 1).copy(), shares.get(k), shares.get(k + 1)));
            all.add(new Presignature(
                    new PresignatureId(number, index),
                    first.get(k).constant(),
                    first.get(k + 1),
                    second.get(k),
                    second.get(k + 1),
                    own));
        }
        made = Optional.of(all);
        if (holds) {
            randomShares.ifPresent(Share::closeAll);
            random.ifPresent(DealingExchange::release);
            product.ifPresent(DealingExchange::release);
        }
    }
}
