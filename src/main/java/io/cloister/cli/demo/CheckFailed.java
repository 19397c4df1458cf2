package io.cloister.cli.demo;

import org.jspecify.annotations.Nullable;

/** A check of the demo failed. */
final class CheckFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckFailed(String message) {
        super(message);
    }

    /** What an answer must have. */
    static <T> T present(@Nullable T value, String what) {
        if (value == null) {
            throw new CheckFailed("the answer has no " + what);
        }
        return value;
    }

    static void unless(boolean holds, String message) {
        if (!holds) {
            throw new CheckFailed(message);
        }
    }
}
