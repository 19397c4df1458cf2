package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.core.LogRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The second barrier against signing twice: remembers the digest signed for each (height, round, ballot), those of the
 * log included, and signs nothing else there, whatever the core asks for. The digest is repeated freely.
 */
final class SafeSigner {
    /** The three things that are signed once a round. */
    enum Ballot {
        PROPOSAL,
        PREVOTE,
        PRECOMMIT
    }

    private record Place(long height, int round, Ballot ballot) {}

    private final Signer signer;
    private final Map<Place, Bytes> signed = new HashMap<>();
    private long lowest;

    SafeSigner(Signer signer) {
        this.signer = signer;
    }

    /** Takes up what was signed before the node stopped. */
    void remember(LogRecord record, Digests digests) {
        switch (record) {
            case LogRecord.Proposed(var proposal) ->
                signed.put(new Place(proposal.height(), proposal.round(), Ballot.PROPOSAL), digests.of(proposal));
            case LogRecord.Voted(var vote) ->
                signed.put(new Place(vote.height(), vote.round(), Digests.ballot(vote.type())), digests.of(vote));
            case LogRecord.Locked(var vote, var polka, var block) ->
                signed.put(new Place(vote.height(), vote.round(), Ballot.PRECOMMIT), digests.of(vote));
            case LogRecord.Valued valued -> {
                // nothing was signed
            }
        }
    }

    /** @return empty when another digest was signed in this place, or the height is past */
    Optional<Bytes> sign(long height, int round, Ballot ballot, Bytes digest) {
        if (height < lowest) {
            return Optional.empty();
        }
        Bytes before = signed.putIfAbsent(new Place(height, round, ballot), digest);
        return Objects.requireNonNullElse(before, digest).equals(digest)
                ? Optional.of(signer.sign(digest))
                : Optional.empty();
    }

    /** A height is decided, or what was signed there is not known: nothing is signed below the next one, ever. */
    void forgetBelow(long height) {
        lowest = Math.max(lowest, height);
        signed.keySet().removeIf(place -> place.height() < height);
    }
}
