package io.cloister.consensus;

import io.cloister.codec.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Headers without a block behind them, with certificates and polkas by the keys of {@link TestKeys}. */
public final class TestHeaders {
    public static final String CHAIN = "chain";

    private TestHeaders() {}

    /** A header that differs from others of its place by its time. */
    public static Header header(
            long epoch, long height, int number, ValidatorSet own, ValidatorSet next, Optional<Opening> opening) {
        return new Header(
                CHAIN,
                epoch,
                height,
                0,
                10_000 * height + number,
                Bytes.zeros(32),
                Header.NONE,
                Outline.openingHash(opening),
                Outline.transactionsRoot(List.of()),
                Bytes.zeros(32),
                Bytes.zeros(32),
                own.hash(),
                next.hash(),
                List.of(),
                own.at(0).nodeId());
    }

    public static Header header(long epoch, long height, int number, ValidatorSet set) {
        return header(epoch, height, number, set, set, Optional.empty());
    }

    /** Decided in its own epoch by all of these. */
    public static CertifiedHeader certified(Header header, ValidatorSet voters) {
        Bytes digest =
                SignBytes.vote(CHAIN, header.epoch(), header.height(), 0, VoteType.PRECOMMIT, Optional.of(header.id()));
        List<CommitSignature> signatures = voters.validators().stream()
                .map(it -> new CommitSignature(it.slot(), TestKeys.sign(it.voteKey(), digest)))
                .toList();
        return new CertifiedHeader(
                header, new Certificate(header.epoch(), header.height(), 0, header.id(), signatures), List.of());
    }

    /** The polka that these slots gave a header in an epoch and round. */
    public static HeldPolka polka(
            long epoch, Header header, int round, ValidatorSet voters, List<KeyClaim> keys, Integer... slots) {
        Bytes digest =
                SignBytes.vote(CHAIN, epoch, header.height(), round, VoteType.PREVOTE, Optional.of(header.id()), -1);
        List<PrevoteSignature> signatures = Arrays.stream(slots)
                .map(it -> new PrevoteSignature(
                        it, -1, TestKeys.sign(voters.bySlot(it).orElseThrow().voteKey(), digest)))
                .toList();
        return new HeldPolka(epoch, header, new Polka(round, header.id(), signatures), keys);
    }
}
