package io.cloister.channel.flow;

/**
 * The unit of credits: a data frame costs its piece and a fixed part, so that many tiny messages are bounded too. (F3)
 */
public final class Units {
    /** What a frame costs beside its bytes. */
    public static final int PER_FRAME = 256;

    private Units() {}

    /** The price of one data frame. */
    static long of(int pieceBytes) {
        return (long) pieceBytes + PER_FRAME;
    }

    /** The price of a whole message of so many bytes. */
    public static long ofMessage(int payloadBytes) {
        long frames = Math.max(1, Math.ceilDiv(payloadBytes, LiveFrame.CHUNK));
        return payloadBytes + frames * PER_FRAME;
    }
}
