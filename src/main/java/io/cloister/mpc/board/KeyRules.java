package io.cloister.mpc.board;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import io.cloister.crypto.Point;
import io.cloister.ledger.Refusal;
import io.cloister.mpc.Committee;
import io.cloister.mpc.Member;
import io.cloister.mpc.board.BoardTransaction.ConfirmTranscript;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.InstanceKind;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Key generation: a random masked sharing, its unmasking, and the confirmations that make a key usable. */
final class KeyRules {
    private static final String CONFIRMATION = "cloister/mpc/key-confirmation/v1";

    private final BoardStore store;

    KeyRules(BoardStore store) {
        this.store = store;
    }

    /** Opens what is to be opened; runs at the end of every block. */
    void advance(Committee committee) {
        for (String label : KeyState.LABELS) {
            Optional<KeyState> key = store.view().key(label);
            if (key.isEmpty()) {
                long random = open(committee, InstanceKind.KEY_RANDOM, label);
                store.put(new KeyState(
                        label, store.context().epoch(), random, 0, Collections.emptySortedMap(), Optional.empty()));
            } else if (key.get().unmaskInstance() == 0 && isClosed(key.get().randomInstance())) {
                long unmask = open(committee, InstanceKind.KEY_UNMASK, label);
                store.put(new KeyState(
                        label,
                        key.get().epoch(),
                        key.get().randomInstance(),
                        unmask,
                        Collections.emptySortedMap(),
                        Optional.empty()));
            }
        }
    }

    /** n-t members that say the same make the key (docs/mpc.md, K4). */
    void confirm(Instance instance, ConfirmTranscript confirm, Member member) throws Refusal {
        Committee committee = store.requireCommittee();
        KeyState key = store.view()
                .key(instance.label())
                .filter(k -> k.unmaskInstance() == instance.number() && instance.isClosed())
                .orElseThrow(() -> new Refusal("nothing-to-confirm", "the instance's set is not fixed"));
        boolean shape = confirm.commitments().size() == committee.threshold() + 1
                && confirm.commitments().stream().noneMatch(Point::isInfinity);
        if (!shape) {
            throw new Refusal("malformed", "a key has t+1 commitments");
        }
        if (key.transcript().isPresent() || key.confirmations().containsKey(member.slot())) {
            throw new Refusal("already-confirmed", "the key is confirmed");
        }
        Bytes digest = digest(confirm);
        SortedMap<Integer, Bytes> confirmations = new TreeMap<>(key.confirmations());
        confirmations.put(member.slot(), digest);
        boolean complete =
                confirmations.values().stream().filter(digest::equals).count() >= committee.quorum();
        Optional<KeyState.KeyTranscript> transcript = complete
                ? Optional.of(new KeyState.KeyTranscript(confirm.transcriptHash(), confirm.commitments()))
                : Optional.empty();
        store.put(new KeyState(
                key.label(), key.epoch(), key.randomInstance(), key.unmaskInstance(), confirmations, transcript));
        if (complete) {
            Bytes publicKey = confirm.commitments().getFirst().encode();
            store.context()
                    .emit(
                            "mpc.key-ready",
                            new Writer().string(key.label()).fixed(publicKey).toBytes());
        }
    }

    private boolean isClosed(long instance) {
        return store.view().instance(instance).filter(Instance::isClosed).isPresent();
    }

    private long open(Committee committee, InstanceKind kind, String label) {
        long number = store.next("instance");
        List<DealingContext.Receiver> receivers = committee.members().stream()
                .map(m -> new DealingContext.Receiver(m.slot(), m.keyEncryption()))
                .toList();
        store.put(new Instance(
                number,
                kind,
                label,
                0,
                store.context().epoch(),
                1,
                receivers,
                Collections.emptySortedMap(),
                store.now()));
        return number;
    }

    private static Bytes digest(ConfirmTranscript confirm) {
        return Hashes.sha256(new Writer()
                .string(CONFIRMATION)
                .fixed(confirm.transcriptHash())
                .list(confirm.commitments(), (w, p) -> w.fixed(p.encode()))
                .toBytes());
    }
}
