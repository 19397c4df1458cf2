package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.Message;

/** The way to the other nodes. Losing a message is allowed, blocking is not. */
interface Outbox {
    void send(Bytes to, Message message);

    void broadcast(Message message);
}
