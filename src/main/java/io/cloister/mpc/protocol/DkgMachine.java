package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.crypto.SecretBytes;
import io.cloister.crypto.SecretScalar;
import io.cloister.mpc.KeyShareStore;
import io.cloister.mpc.board.BoardTransaction;
import io.cloister.mpc.board.Instance;
import io.cloister.mpc.board.KeyState;
import io.cloister.mpc.dealing.Basis;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.Transcript;
import io.cloister.mpc.sharing.Commitment;
import io.cloister.mpc.sharing.Share;
import io.cloister.mpc.sharing.SharingKind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One threshold key at one node: deals for the random masked sharing, unmasks it, confirms the outcome, and keeps the
 * share. A node that was away gets everything again from the dealings, because E_key is sealed (docs/mpc.md, K1 to K6).
 */
final class DkgMachine implements AutoCloseable {
    private static final long SUBMIT_MILLIS = 3_000;

    private final String label;
    private final Self self;
    private final int slot;
    private final KeyShareStore store;
    private final Dealers dealers;
    private final Pacer pacer = new Pacer();
    private Optional<DealingExchange> random = Optional.empty();
    private Optional<DealingExchange> unmask = Optional.empty();
    private Optional<Transcript> masked = Optional.empty();
    private Optional<Share> maskedShare = Optional.empty();
    private Optional<Transcript> simple = Optional.empty();
    private Optional<Share> share = Optional.empty();
    private final Set<String> alarmed = new HashSet<>();
    private boolean restored;
    private boolean stored;
    private boolean finished;

    DkgMachine(String label, Self self, int slot, KeyShareStore store, Dealers dealers) {
        this.label = label;
        this.self = self;
        this.slot = slot;
        this.store = store;
        this.dealers = dealers;
    }

    /** x_i, once the key is finished and this node has it. */
    Optional<SecretScalar> share() {
        return finished ? share.map(Share::value) : Optional.empty();
    }

    void advance(Snapshot snapshot, long now, Effects out) {
        KeyState key = snapshot.keys().get(label);
        if (key == null) {
            return;
        }
        if (share.isEmpty()) {
            restore(key);
        }
        exchanges(key, snapshot, now, out);
        firstWave(snapshot, out);
        secondWave(snapshot, out);
        finish(key, now, out);
    }

    /** The exchange of an instance, if it is this key's. */
    Optional<DealingExchange> exchange(long instance) {
        return random.filter(e -> e.instance().number() == instance)
                .or(() -> unmask.filter(e -> e.instance().number() == instance));
    }

    @Override
    public void close() {
        random.ifPresent(DealingExchange::close);
        unmask.ifPresent(DealingExchange::close);
        maskedShare.ifPresent(Share::close);
        share.ifPresent(Share::close);
    }

    private void exchanges(KeyState key, Snapshot snapshot, long now, Effects out) {
        Optional<Instance> first = snapshot.instance(key.randomInstance());
        if (random.isEmpty()) {
            random = first.map(i ->
                    new DealingExchange(i, snapshot, self, slot, store, dealer -> Optional.of(new Basis.Nothing())));
        }
        Optional<Instance> second = snapshot.instance(key.unmaskInstance());
        if (unmask.isEmpty()) {
            unmask = second.map(i -> new DealingExchange(i, snapshot, self, slot, store, this::unmaskBasis));
        }
        random.ifPresent(e -> first.ifPresent(i -> e.advance(i, snapshot, now, out)));
        unmask.ifPresent(e -> second.ifPresent(i -> e.advance(i, snapshot, now, out)));
    }

    /** K1: deal at random; K2: the sum of the fixed set is the masked sharing. */
    private void firstWave(Snapshot snapshot, Effects out) {
        random.ifPresent(exchange -> {
            if (!exchange.hasDealt() && !exchange.instance().isClosed()) {
                deal(exchange, snapshot, out, () -> dealers.random(exchange.context(), slot));
            }
            if (masked.isEmpty()) {
                masked = exchange.transcript();
            }
            if (maskedShare.isEmpty() && share.isEmpty()) {
                maskedShare = exchange.shares().map(List::getFirst);
            }
        });
    }

    /** K3: deal the own share again in the open; the interpolation of the fixed set is the key. */
    private void secondWave(Snapshot snapshot, Effects out) {
        unmask.ifPresent(exchange -> {
            boolean able = masked.isPresent() && maskedShare.isPresent();
            if (able && !exchange.hasDealt() && !exchange.instance().isClosed()) {
                deal(
                        exchange,
                        snapshot,
                        out,
                        () -> dealers.unmask(
                                exchange.context(),
                                slot,
                                maskedShare.get(),
                                masked.get().commitments().getFirst().at(slot)));
            }
            if (simple.isEmpty()) {
                simple = exchange.transcript();
            }
            if (simple.isPresent() && share.isEmpty()) {
                share = exchange.shares().map(List::getFirst);
                share.ifPresent(s -> maskedShare.ifPresent(Share::close));
            }
        });
    }

    /** An own key dealing is durable before anybody sees it, so that a restart never makes a second one. */
    private void deal(DealingExchange exchange, Snapshot snapshot, Effects out, Supplier<Dealing> fresh) {
        String id = "own/" + exchange.instance().number();
        Optional<Dealing> known = store.get(id, exchange.context().epoch()).map(secret -> {
            try (secret) {
                return Dealing.decode(secret.use(Bytes::of), exchange.context());
            }
        });
        Dealing dealing = known.orElseGet(fresh);
        if (known.isEmpty()) {
            out.persist(id, exchange.context().epoch(), dealing.encode());
        }
        exchange.deal(dealing, snapshot, out);
    }

    /** K4 and K5: keep the share, then say so; the key is usable when n-t members have said the same. */
    private void finish(KeyState key, long now, Effects out) {
        if (share.isEmpty()) {
            return;
        }
        if (!stored) {
            try (SecretBytes secret = Share.writeAll(List.of(share.get()))) {
                out.persist(shareId(), key.epoch(), secret.copy());
            }
            stored = true;
        }
        if (key.transcript().isEmpty() && simple.isPresent() && masked.isPresent()) {
            Commitment commitment = simple.get().commitments().getFirst();
            if (commitment.constant().isInfinity()) {
                alarmOnce("the " + label + " key is zero", out);
            } else if (!key.confirmations().containsKey(slot) && pacer.due("confirm", now, SUBMIT_MILLIS)) {
                Bytes hash =
                        TranscriptHashes.join(masked.get().hash(), simple.get().hash());
                out.submit(new BoardTransaction.ConfirmTranscript(key.unmaskInstance(), hash, commitment.points()));
            }
        }
        if (!finished && key.transcript().isPresent()) {
            finished = fits(share.get(), key.transcript().get());
            if (!finished) {
                alarmOnce("the share of the " + label + " key does not fit the confirmed commitments", out);
            }
        }
    }

    private void alarmOnce(String text, Effects out) {
        if (alarmed.add(text)) {
            out.alarm(text);
        }
    }

    /** K6: the share of an earlier boot, if it fits what the board says. */
    private void restore(KeyState key) {
        if (restored || key.transcript().isEmpty()) {
            return;
        }
        restored = true;
        try {
            Optional<Share> known = store.get(shareId(), key.epoch()).map(secret -> {
                try (secret) {
                    return Share.readAll(List.of(SharingKind.SIMPLE), secret).getFirst();
                }
            });
            share = known.filter(s -> fits(s, key.transcript().get()));
            stored = share.isPresent();
        } catch (CodecException e) {
            share = Optional.empty();
        }
    }

    private boolean fits(Share candidate, KeyState.KeyTranscript transcript) {
        return candidate.commit().equals(new Commitment(SharingKind.SIMPLE, transcript.commitments()).at(slot));
    }

    private Optional<Basis> unmaskBasis(int dealer) {
        return masked.map(t -> new Basis.Unmasking(t.commitments().getFirst().at(dealer)));
    }

    private String shareId() {
        return "share/" + label;
    }
}
