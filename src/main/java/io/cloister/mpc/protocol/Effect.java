package io.cloister.mpc.protocol;

import io.cloister.crypto.SecretBytes;
import io.cloister.mpc.Fault;
import io.cloister.mpc.board.BoardTransaction;

/** What a machine wants done, in this order. A failed effect is asked for again later. */
public sealed interface Effect {
    /** To one member. */
    record Send(int slot, Message message) implements Effect {}

    /** To every other member. */
    record Broadcast(Message message) implements Effect {}

    /** A transaction of this node on the board. */
    record Submit(BoardTransaction transaction) implements Effect {}

    /** Durable before the next effect runs; the runner closes it. */
    record Persist(String id, long epoch, SecretBytes secret) implements Effect, AutoCloseable {
        @Override
        public void close() {
            secret.close();
        }
    }

    /** A member did something that an honest one does not do. */
    record Report(int slot, Fault fault, String about) implements Effect {}

    /** Something that must never happen, for the operator. */
    record Alarm(String text) implements Effect {}
}
