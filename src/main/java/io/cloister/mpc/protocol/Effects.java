package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SecretBytes;
import io.cloister.mpc.Fault;
import io.cloister.mpc.board.BoardTransaction;
import java.util.ArrayList;
import java.util.List;

/** Collects the effects of one step. */
final class Effects {
    private final List<Effect> effects = new ArrayList<>();

    void send(int slot, Message message) {
        effects.add(new Effect.Send(slot, message));
    }

    void broadcast(Message message) {
        effects.add(new Effect.Broadcast(message));
    }

    void submit(BoardTransaction transaction) {
        effects.add(new Effect.Submit(transaction));
    }

    /** Takes the secret over. */
    void persist(String id, long epoch, SecretBytes secret) {
        effects.add(new Effect.Persist(id, epoch, secret));
    }

    /** For public bytes that are kept with the secrets. */
    void persist(String id, long epoch, Bytes bytes) {
        persist(id, epoch, SecretBytes.taking(bytes.toArray()));
    }

    void report(int slot, Fault fault, String about) {
        effects.add(new Effect.Report(slot, fault, about));
    }

    void alarm(String text) {
        effects.add(new Effect.Alarm(text));
    }

    List<Effect> drain() {
        List<Effect> all = List.copyOf(effects);
        effects.clear();
        return all;
    }
}
