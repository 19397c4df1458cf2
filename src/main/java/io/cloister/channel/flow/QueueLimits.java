package io.cloister.channel.flow;

/** How much may wait for one peer on one topic: messages and payload bytes. */
public record QueueLimits(int messages, long bytes) {
    public QueueLimits {
        if (messages < 1 || bytes < 1) {
            throw new IllegalArgumentException("a queue holds at least one message of one byte");
        }
    }
}
