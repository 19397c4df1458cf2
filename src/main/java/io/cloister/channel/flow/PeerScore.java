package io.cloister.channel.flow;

/**
 * How much a node misbehaved of late. Points fade with time; at the limit the node is kept out until enough have faded.
 * Times are milliseconds of one monotonic clock. (F8)
 */
public final class PeerScore {
    /** For a malformed, unexpected or unpaid frame, which also ends the connection. */
    public static final int BROKEN_FRAME = 60;

    /** For a payload that its receiver could not read. */
    public static final int BAD_PAYLOAD = 10;

    /** For asking for more evidence than is reasonable. */
    public static final int IMPATIENCE = 5;

    private static final int LIMIT = 100;
    private static final int BANNED = 200; // so that a ban lasts 100 seconds
    private static final double FADE_PER_MILLI = 1.0 / 1000;

    private double points;
    private long at;

    /** Adds points; true when the node is to be dropped. */
    public boolean add(int more, long now) {
        fade(now);
        points += more;
        if (points < LIMIT) {
            return false;
        }
        points = BANNED;
        return true;
    }

    /** Whether the node is kept out at this time. */
    public boolean isBanned(long now) {
        fade(now);
        return points >= LIMIT;
    }

    private void fade(long now) {
        if (points > 0) {
            points = Math.max(0, points - Math.max(0, now - at) * FADE_PER_MILLI);
        }
        at = now;
    }
}
