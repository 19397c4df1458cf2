package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The second barrier against signing twice: remembers the digest signed for each (epoch, height, round, ballot) and signs
 * nothing else there, whatever the core asks for. The digest is repeated freely. It lives as long as the vote key: a boot.
 */
final class SafeSigner {
    /** What is signed once a round. */
    enum Ballot {
        PROPOSAL,
        PREVOTE,
        PRECOMMIT,
        EXTENSION
    }

    private record Place(long epoch, long height, int round, Ballot ballot) {}

    private final UnaryOperator<Bytes> signer;
    private final Map<Place, Bytes> signed = new HashMap<>();
    private long lowestHeight;
    private long lowestEpoch;

    /** @param signer signs a digest with the vote key */
    SafeSigner(UnaryOperator<Bytes> signer) {
        this.signer = signer;
    }

    /** @return empty when another digest was signed in this place, or the height or the epoch is past */
    Optional<Bytes> sign(long epoch, long height, int round, Ballot ballot, Bytes digest) {
        if (height < lowestHeight || epoch < lowestEpoch) {
            return Optional.empty();
        }
        Bytes before = signed.putIfAbsent(new Place(epoch, height, round, ballot), digest);
        return Objects.requireNonNullElse(before, digest).equals(digest)
                ? Optional.of(signer.apply(digest))
                : Optional.empty();
    }

    /** A height is decided, or what was signed there is not known: nothing is signed below the next one, ever. */
    void forgetBelow(long height) {
        lowestHeight = Math.max(lowestHeight, height);
        signed.keySet().removeIf(place -> place.height() < height);
    }

    /** A recovery was stated or opened: nothing of an earlier epoch is signed from now on. */
    void leaveEpochsBelow(long epoch) {
        lowestEpoch = Math.max(lowestEpoch, epoch);
    }
}
