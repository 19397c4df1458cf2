package io.cloister.ledger;

import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;

/** Labels at the head of encodings, so that no encoding can serve as another. */
final class Labels {
    private Labels() {}

    static void expect(Reader in, String label) {
        if (!in.string(64).equals(label)) {
            throw new CodecException(CodecException.Reason.UNKNOWN, "not a " + label);
        }
    }
}
