package io.cloister.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.Reader;
import io.cloister.consensus.Certificate.Flaw;
import io.cloister.crypto.MerkleTree;
import io.cloister.crypto.Scalar;
import io.cloister.crypto.Signature;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Certificates under real signatures. */
class CertificateTest {
    private static final int ROUND = 2;

    private final List<SigningKey> nodes =
            IntStream.range(0, 4).mapToObj(i -> SigningKey.generate()).toList();
    private final List<SigningKey> votes =
            IntStream.range(0, 4).mapToObj(i -> SigningKey.generate()).toList();
    private final ValidatorSet validators = validators(1, 1, 1, 1);
    private final Header header = header("chain", 3, 10);

    private ValidatorSet validators(long... weights) {
        return new ValidatorSet(IntStream.range(0, 4)
                .mapToObj(i ->
                        new Validator(i + 1, nodes.get(i).id(), votes.get(i).id(), weights[i], 1))
                .toList());
    }

    private Header header(String chain, long epoch, long height) {
        return new Header(
                chain,
                epoch,
                height,
                0,
                1_000,
                Bytes.zeros(32),
                Header.NONE,
                Header.NONE,
                MerkleTree.root(List.of()),
                Bytes.zeros(32),
                Bytes.zeros(32),
                validators.hash(),
                validators.hash(),
                List.of(),
                nodes.getFirst().id());
    }

    private Bytes digest(Header of, int round, VoteType type) {
        return SignBytes.vote(of.chainId(), of.epoch(), of.height(), round, type, Optional.of(of.id()));
    }

    private CommitSignature sign(int slot, Bytes digest) {
        return new CommitSignature(slot, votes.get(slot - 1).sign(digest).recoverable());
    }

    private Certificate signedBy(Bytes digest, Integer... slots) {
        return new Certificate(
                header.epoch(),
                header.height(),
                ROUND,
                header.id(),
                Arrays.stream(slots).map(slot -> sign(slot, digest)).toList());
    }

    private Certificate good(Integer... slots) {
        return signedBy(digest(header, ROUND, VoteType.PRECOMMIT), slots);
    }

    @Test
    void threeOfFourProveADecision() {
        assertThat(good(1, 2, 4).flaw(header, validators)).isEmpty();
        assertThat(good(1, 2, 3, 4).flaw(header, validators)).isEmpty();
    }

    @Test
    void twoThirdsOrLessProveNothing() {
        assertThat(good(1, 2).flaw(header, validators)).contains(Flaw.NO_QUORUM);
    }

    @Test
    void exactlyTwoThirdsOfTheWeightProveNothing() {
        ValidatorSet uneven = validators(2, 2, 1, 1);
        Header of = new Header(
                header.chainId(),
                header.epoch(),
                header.height(),
                header.round(),
                header.timeMillis(),
                header.parent(),
                header.commitHash(),
                header.openingHash(),
                header.transactionsRoot(),
                header.receiptsRoot(),
                header.stateRoot(),
                uneven.hash(),
                uneven.hash(),
                header.absent(),
                header.proposer());
        Bytes digest = digest(of, ROUND, VoteType.PRECOMMIT);
        Certificate exactly =
                new Certificate(3, of.height(), ROUND, of.id(), List.of(sign(1, digest), sign(2, digest)));
        assertThat(exactly.flaw(of, uneven)).contains(Flaw.NO_QUORUM);
        Certificate more = new Certificate(
                3, of.height(), ROUND, of.id(), List.of(sign(1, digest), sign(2, digest), sign(4, digest)));
        assertThat(more.flaw(of, uneven)).isEmpty();
    }

    @Test
    void signaturesOfAnotherEpochHeightChainRoundOrTypeAreRefused() {
        List<Bytes> others = List.of(
                SignBytes.vote("chain", 4, 10, ROUND, VoteType.PRECOMMIT, Optional.of(header.id())),
                SignBytes.vote("chain", 3, 11, ROUND, VoteType.PRECOMMIT, Optional.of(header.id())),
                SignBytes.vote("other", 3, 10, ROUND, VoteType.PRECOMMIT, Optional.of(header.id())),
                SignBytes.vote("chain", 3, 10, ROUND + 1, VoteType.PRECOMMIT, Optional.of(header.id())),
                SignBytes.vote("chain", 3, 10, ROUND, VoteType.PREVOTE, Optional.of(header.id())),
                SignBytes.vote("chain", 3, 10, ROUND, VoteType.PRECOMMIT, Optional.empty()),
                SignBytes.vote("chain", 3, 10, ROUND, VoteType.PRECOMMIT, Optional.of(Bytes.zeros(32))),
                SignBytes.proposal("chain", 3, 10, ROUND, -1, header.id()));
        for (Bytes digest : others) {
            assertThat(signedBy(digest, 1, 2, 3).flaw(header, validators)).contains(Flaw.BAD_SIGNATURE);
        }
        assertThat(others).doesNotHaveDuplicates();
    }

    @Test
    void oneBadSignatureAmongEnoughGoodOnesIsRefused() {
        List<CommitSignature> signatures = new ArrayList<>(good(1, 2, 3).signatures());
        signatures.add(sign(4, Bytes.zeros(32)));
        Certificate certificate = new Certificate(3, 10, ROUND, header.id(), signatures);
        assertThat(certificate.flaw(header, validators)).contains(Flaw.BAD_SIGNATURE);
    }

    @Test
    void aSlotThatStandsTwiceIsRefused() {
        CommitSignature once = good(1).signatures().getFirst();
        assertThatThrownBy(() -> new Certificate(3, 10, ROUND, header.id(), List.of(once, once, once)))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void aSlotThatIsNotInTheSetIsRefused() {
        List<CommitSignature> signatures = new ArrayList<>(good(1, 2, 3).signatures());
        signatures.add(new CommitSignature(9, signatures.getFirst().signature()));
        assertThat(new Certificate(3, 10, ROUND, header.id(), signatures).flaw(header, validators))
                .contains(Flaw.UNKNOWN_SLOT);
    }

    @Test
    void aCertificateOfAnotherBlockHeightOrSetIsRefused() {
        Certificate certificate = good(1, 2, 3);
        assertThat(certificate.flaw(header("chain", 3, 11), validators)).contains(Flaw.OTHER_HEIGHT);
        assertThat(certificate.flaw(header("chain", 4, 10), validators)).contains(Flaw.OTHER_EPOCH);
        assertThat(certificate.flaw(header("other", 3, 10), validators)).contains(Flaw.OTHER_BLOCK);
        assertThat(certificate.flaw(header, validators(1, 1, 1, 2))).contains(Flaw.OTHER_VALIDATORS);
    }

    @Test
    void aSignatureInItsOtherFormsIsRefused() {
        Bytes digest = digest(header, ROUND, VoteType.PRECOMMIT);
        Signature signature = votes.getFirst().sign(digest);
        Signature high = new Signature(signature.r(), signature.s().negate(), signature.recoveryId() ^ 1);
        Signature wrongId = new Signature(signature.r(), signature.s(), signature.recoveryId() ^ 1);
        Bytes key = votes.getFirst().id();
        assertThat(SignatureCheck.SECP256K1.genuine(key, digest, signature.recoverable()))
                .isTrue();
        assertThat(SignatureCheck.SECP256K1.genuine(key, digest, high.recoverable()))
                .isFalse();
        assertThat(SignatureCheck.SECP256K1.genuine(key, digest, wrongId.recoverable()))
                .isFalse();
        assertThat(SignatureCheck.SECP256K1.genuine(key, digest, Bytes.zeros(65)))
                .isFalse();
        assertThat(SignatureCheck.SECP256K1.genuine(votes.get(1).id(), digest, signature.recoverable()))
                .isFalse();
        assertThat(signature.s()).isNotEqualTo(Scalar.ZERO);
    }

    @Test
    void aLaterEpochProvesABlockOfAnEarlierOneWithTheKeysOfItsStatements() {
        List<SigningKey> fresh =
                IntStream.range(0, 4).mapToObj(i -> SigningKey.generate()).toList();
        List<KeyClaim> claims = IntStream.range(0, 3)
                .mapToObj(i -> {
                    KeyClaim claim = Statement.claim(
                            "chain",
                            3,
                            5,
                            i + 1,
                            fresh.get(i).id(),
                            2,
                            Bytes.EMPTY,
                            Optional.empty(),
                            Optional.empty());
                    return claim.signed(nodes.get(i).sign(claim.digest()).recoverable());
                })
                .toList();
        Bytes digest = SignBytes.vote("chain", 5, 10, ROUND, VoteType.PRECOMMIT, Optional.of(header.id()));
        List<CommitSignature> signatures = IntStream.range(0, 3)
                .mapToObj(i ->
                        new CommitSignature(i + 1, fresh.get(i).sign(digest).recoverable()))
                .toList();
        Certificate later = new Certificate(5, 10, ROUND, header.id(), signatures);
        assertThat(later.flaw(header, validators, claims, SignatureCheck.SECP256K1))
                .isEmpty();
        assertThat(later.flaw(header, validators, List.of(), SignatureCheck.SECP256K1))
                .contains(Flaw.BAD_SIGNATURE);
        assertThat(later.flaw(header, validators, claims.subList(0, 2), SignatureCheck.SECP256K1))
                .contains(Flaw.BAD_SIGNATURE);
        KeyClaim unsigned = claims.getFirst().signed(KeyClaim.UNSIGNED);
        assertThat(later.flaw(
                        header, validators, List.of(unsigned, claims.get(1), claims.get(2)), SignatureCheck.SECP256K1))
                .contains(Flaw.BAD_KEYS);
        Certificate other = new Certificate(6, 10, ROUND, header.id(), signatures);
        assertThat(other.flaw(header, validators, claims, SignatureCheck.SECP256K1))
                .contains(Flaw.BAD_KEYS);
        Certificate earlier = new Certificate(2, 10, ROUND, header.id(), signatures);
        assertThat(earlier.flaw(header, validators, claims, SignatureCheck.SECP256K1))
                .contains(Flaw.OTHER_EPOCH);
    }

    @Test
    void readsBackWhatItWrote() {
        Certificate certificate = good(1, 2, 4);
        Reader reader = new Reader(certificate.encode());
        assertThat(Certificate.decode(reader)).isEqualTo(certificate);
        reader.end();
        Reader headers = new Reader(header.encode());
        assertThat(Header.decode(headers)).isEqualTo(header);
        headers.end();
    }

    @Test
    void eachFieldOfAHeaderChangesItsId() {
        assertThat(List.of(
                        header.id(),
                        header("other", 3, 10).id(),
                        header("chain", 4, 10).id(),
                        header("chain", 3, 11).id()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aValidatorSetHasOneSeatForAKey() {
        Validator first = validators.at(0);
        Validator sameVoteKey = new Validator(2, nodes.get(1).id(), first.voteKey(), 1, 1);
        Validator sameNode = new Validator(2, first.nodeId(), votes.get(1).id(), 1, 1);
        assertThatThrownBy(() -> new ValidatorSet(List.of(first, sameVoteKey))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new ValidatorSet(List.of(first, sameNode))).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new ValidatorSet(List.of(validators.at(1), first)))
                .isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new ValidatorSet(List.of())).isInstanceOf(CodecException.class);
    }

    @Test
    void quorumAndHonestPartAreStrict() {
        ValidatorSet three = new ValidatorSet(validators.validators().subList(0, 3));
        assertThat(three.isQuorum(2)).isFalse();
        assertThat(three.isQuorum(3)).isTrue();
        assertThat(three.hasHonest(1)).isFalse();
        assertThat(three.hasHonest(2)).isTrue();
    }
}
