package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.LogRecord;
import io.cloister.consensus.core.Vote;
import io.cloister.consensus.engine.SafeSigner.Ballot;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SafeSignerTest {
    private static final Bytes ONE = Hashes.sha256(Bytes.utf8("one"));
    private static final Bytes TWO = Hashes.sha256(Bytes.utf8("two"));

    private final List<Bytes> signed = new ArrayList<>();
    private final SafeSigner signer = new SafeSigner(digest -> {
        signed.add(digest);
        return Bytes.zeros(65);
    });

    @Test
    void signsOneThingForEachBallot() {
        assertThat(signer.sign(5, 0, Ballot.PREVOTE, ONE)).isPresent();
        assertThat(signer.sign(5, 0, Ballot.PREVOTE, TWO)).isEmpty();
        assertThat(signer.sign(5, 0, Ballot.PREVOTE, ONE)).isPresent();
        assertThat(signer.sign(5, 0, Ballot.PRECOMMIT, TWO)).isPresent();
        assertThat(signer.sign(5, 0, Ballot.PROPOSAL, TWO)).isPresent();
        assertThat(signer.sign(5, 1, Ballot.PREVOTE, TWO)).isPresent();
        assertThat(signed).containsExactly(ONE, ONE, TWO, TWO, TWO);
    }

    @Test
    void signsNothingBelowTheHeightInProgress() {
        signer.forgetBelow(6);
        assertThat(signer.sign(5, 0, Ballot.PREVOTE, ONE)).isEmpty();
        assertThat(signer.sign(6, 0, Ballot.PREVOTE, ONE)).isPresent();
        assertThat(signed).containsExactly(ONE);
        signer.forgetBelow(3);
        assertThat(signer.sign(5, 0, Ballot.PREVOTE, ONE)).isEmpty();
    }

    @Test
    void remembersWhatTheLogSaysWasSigned() {
        Digests digests = new Digests("chain", 3);
        Vote nil = new Vote(VoteType.PREVOTE, 5, 2, Optional.empty(), 1, Bytes.zeros(65));
        Vote value = new Vote(VoteType.PREVOTE, 5, 2, Optional.of(ONE), 1, Bytes.zeros(65));
        signer.remember(new LogRecord.Voted(nil), digests);
        assertThat(signer.sign(5, 2, Ballot.PREVOTE, digests.of(value))).isEmpty();
        assertThat(signer.sign(5, 2, Ballot.PREVOTE, digests.of(nil))).isPresent();
    }
}
