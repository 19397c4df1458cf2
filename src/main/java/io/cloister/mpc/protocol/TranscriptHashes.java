package io.cloister.mpc.protocol;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;

/** The one hash that members confirm of two transcripts that belong together. */
final class TranscriptHashes {
    private static final String DOMAIN = "cloister/mpc/confirmed-transcripts/v1";

    private TranscriptHashes() {}

    static Bytes join(Bytes first, Bytes second) {
        return Hashes.sha256(
                new Writer().string(DOMAIN).fixed(first).fixed(second).toBytes());
    }
}
