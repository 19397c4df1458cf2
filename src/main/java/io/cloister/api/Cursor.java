package io.cloister.api;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a list goes on: a height, in a form that nobody is tempted to count with. */
final class Cursor {
    private Cursor() {}

    static String encode(long height) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(height).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The height to go on from; null begins at the newest. */
    static long decode(@Nullable String cursor, long newest) {
        if (cursor == null) {
            return newest;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == Long.BYTES) {
                return Math.clamp(ByteBuffer.wrap(bytes).getLong(), 0, newest);
            }
        } catch (IllegalArgumentException e) {
            // The answer below says what is wanted.
        }
        throw ApiException.badField("cursor", "what the last page gave");
    }
}
