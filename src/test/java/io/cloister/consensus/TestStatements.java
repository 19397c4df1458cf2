package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Statements and openings of recoveries with the keys of {@link TestKeys}. */
public final class TestStatements {
    private TestStatements() {}

    /** What vouches for a boot's keys in tests: a hash of the vote key and the boot counter. */
    public static Bytes evidence(Bytes voteKey, long bootCounter) {
        return Hashes.sha256(voteKey, new Writer().u64(bootCounter).toBytes());
    }

    public static boolean isEvidence(KeyClaim claim, Bytes evidence) {
        return evidence.equals(evidence(claim.voteKey(), claim.bootCounter()));
    }

    /** The statement of slot {@code index + 1} in its given boot, leaving epoch 0. */
    public static Statement statement(
            String chainId,
            long recovery,
            int index,
            long boot,
            Optional<CertifiedHeader> base,
            Optional<HeldPolka> polka) {
        return statement(chainId, recovery, index, TestKeys.voteKey(index, boot), boot, base, polka);
    }

    public static Statement statement(
            String chainId,
            long recovery,
            int index,
            Bytes voteKey,
            long boot,
            Optional<CertifiedHeader> base,
            Optional<HeldPolka> polka) {
        Bytes evidence = evidence(voteKey, boot);
        KeyClaim claim = Statement.claim(chainId, 0, recovery, index + 1, voteKey, boot, evidence, base, polka);
        return new Statement(signed(claim, TestKeys.nodeId(index)), evidence, base, polka);
    }

    public static KeyClaim signed(KeyClaim claim, Bytes slotKey) {
        return claim.signed(TestKeys.sign(slotKey, claim.digest()));
    }

    /** The opening of these statements, signed by the leader of its number in a committee of so many. */
    public static Opening opening(int size, Statement... statements) {
        List<Statement> rising = Arrays.stream(statements)
                .sorted(Comparator.comparing(Statement::slot))
                .toList();
        int leader = (int) (rising.getFirst().recovery() % size);
        Opening unsigned = new Opening(rising, KeyClaim.UNSIGNED);
        return new Opening(rising, TestKeys.sign(TestKeys.nodeId(leader), unsigned.hash()));
    }
}
