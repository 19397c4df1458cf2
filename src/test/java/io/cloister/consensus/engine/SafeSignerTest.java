package io.cloister.consensus.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloister.codec.Bytes;
import io.cloister.consensus.engine.SafeSigner.Ballot;
import io.cloister.crypto.Hashes;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(signer.sign(0, 5, 0, Ballot.PREVOTE, ONE)).isPresent();
        assertThat(signer.sign(0, 5, 0, Ballot.PREVOTE, TWO)).isEmpty();
        assertThat(signer.sign(0, 5, 0, Ballot.PREVOTE, ONE)).isPresent();
        assertThat(signer.sign(0, 5, 0, Ballot.PRECOMMIT, TWO)).isPresent();
        assertThat(signer.sign(0, 5, 0, Ballot.PROPOSAL, TWO)).isPresent();
        assertThat(signer.sign(0, 5, 1, Ballot.PREVOTE, TWO)).isPresent();
        assertThat(signed).containsExactly(ONE, ONE, TWO, TWO, TWO);
    }

    @Test
    void signsNothingBelowTheHeightInProgress() {
        signer.forgetBelow(6);
        assertThat(signer.sign(0, 5, 0, Ballot.PREVOTE, ONE)).isEmpty();
        assertThat(signer.sign(0, 6, 0, Ballot.PREVOTE, ONE)).isPresent();
        assertThat(signed).containsExactly(ONE);
        signer.forgetBelow(3);
        assertThat(signer.sign(0, 5, 0, Ballot.PREVOTE, ONE)).isEmpty();
    }

    @Test
    void signsAgainInAnotherEpochButNothingInOneThatItHasLeft() {
        assertThat(signer.sign(0, 5, 0, Ballot.PRECOMMIT, ONE)).isPresent();
        assertThat(signer.sign(1, 5, 0, Ballot.PRECOMMIT, TWO)).isPresent();
        signer.leaveEpochsBelow(1);
        assertThat(signer.sign(0, 5, 0, Ballot.PRECOMMIT, ONE)).isEmpty();
        assertThat(signer.sign(0, 6, 0, Ballot.PREVOTE, ONE)).isEmpty();
        assertThat(signer.sign(1, 5, 1, Ballot.PRECOMMIT, ONE)).isPresent();
        signer.leaveEpochsBelow(0);
        assertThat(signer.sign(0, 5, 0, Ballot.PRECOMMIT, ONE)).isEmpty();
    }

    @Test
    void signsOneExtensionForAPrecommit() {
        assertThat(signer.sign(0, 5, 0, Ballot.PRECOMMIT, ONE)).isPresent();
        assertThat(signer.sign(0, 5, 0, Ballot.EXTENSION, ONE)).isPresent();
        assertThat(signer.sign(0, 5, 0, Ballot.EXTENSION, TWO)).isEmpty();
    }
}
