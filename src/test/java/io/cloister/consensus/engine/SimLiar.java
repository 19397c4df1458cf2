package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Certificate;
import io.cloister.consensus.Commit;
import io.cloister.consensus.CommitSignature;
import io.cloister.consensus.Header;
import io.cloister.consensus.Opening;
import io.cloister.consensus.Outline;
import io.cloister.consensus.Polka;
import io.cloister.consensus.PrevoteSignature;
import io.cloister.consensus.SignBytes;
import io.cloister.consensus.Statement;
import io.cloister.consensus.TestKeys;
import io.cloister.consensus.Vote;
import io.cloister.consensus.VoteType;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Proposal;
import io.cloister.consensus.core.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A Byzantine validator by script: a production node whose messages are replaced on their way out, signed with its real
 * keys. Some change their script from time to time, some keep to one.
 */
final class SimLiar {
    enum Script {
        TWINS_ONLY,
        TWO_PROPOSALS,
        TWO_VOTES,
        VOTE_FOR_ALL,
        FORGET_LOCK,
        WITHHOLD,
        LATE_PRECOMMITS,
        BAD_VALID_ROUND,
        FUTURE_ROUNDS,
        FUTURE_HEIGHTS,
        FAKE_HEIGHT,
        WRONG_ROOT,
        REPLAY,
        OTHER_EPOCH,
        TWO_OPENINGS,
        LOW_STATEMENT,
        FORGED_VOTES,
        EARLIER_TIME,
        BAD_COMMIT,
        OTHER_BATCHES,
        SILENT
    }

    private static final int REMEMBERED = 200;

    private final SimNode node;
    private final SimWorld world;
    private final SplittableRandom random;
    private final Deque<Message> past = new ArrayDeque<>();
    private final boolean faithful;
    private List<Script> scripts;

    SimLiar(SimNode node, SimWorld world, SplittableRandom random) {
        this.node = node;
        this.world = world;
        this.random = random;
        this.scripts = draw();
        this.faithful = random.nextBoolean();
    }

    /** One script, or a few that take turns from message to message. */
    private List<Script> draw() {
        Script[] all = Script.values();
        List<Script> drawn = new ArrayList<>();
        int count = random.nextBoolean() ? 1 : random.nextInt(2, 6);
        while (drawn.size() < count) {
            drawn.add(all[random.nextInt(all.length)]);
        }
        return drawn;
    }

    void changeScript() {
        scripts = faithful ? scripts : draw();
    }

    private Bytes sign(Bytes digest) {
        return TestKeys.sign(node.boot().orElseThrow().voteKey(), digest);
    }

    /** What one recipient gets in place of a message. */
    List<Message> instead(SimNode to, Message message) {
        remember(message);
        boolean half = to.index % 2 == 0;
        return switch (scripts.get(random.nextInt(scripts.size()))) {
            case TWINS_ONLY -> List.of(message);
            case TWO_PROPOSALS ->
                message instanceof Message.Proposed(Proposal own) && half ? changed(own, false) : List.of(message);
            case WRONG_ROOT ->
                message instanceof Message.Proposed(Proposal own) ? changed(own, true) : List.of(message);
            case TWO_VOTES -> message instanceof Message.Votes votes && half ? opposite(votes) : List.of(message);
            case VOTE_FOR_ALL -> message instanceof Message.Proposed(Proposal of) ? withVotes(of) : List.of(message);
            case FORGET_LOCK -> message instanceof Message.Votes votes ? freed(votes) : List.of(message);
            case WITHHOLD -> random.nextInt(3) == 0 ? List.of(message) : List.of();
            case LATE_PRECOMMITS -> late(to, message);
            case BAD_VALID_ROUND ->
                message instanceof Message.Proposed(Proposal own) ? unproven(own) : List.of(message);
            case FUTURE_ROUNDS -> spam(message, random.nextInt(1, 2_000), 0);
            case FUTURE_HEIGHTS -> spam(message, 0, random.nextInt(1, 1_000_000));
            case FAKE_HEIGHT -> message instanceof Message.Status status ? List.of(claiming(status)) : List.of(message);
            case REPLAY -> List.of(message, List.copyOf(past).get(random.nextInt(past.size())));
            case OTHER_EPOCH -> message instanceof Message.Votes votes ? ofOtherEpoch(votes) : List.of(message);
            case TWO_OPENINGS ->
                message instanceof Message.Opened(Opening opening) && (half || opening.epoch() % 2 == 0)
                        ? lesser(opening)
                        : List.of(message);
            case LOW_STATEMENT ->
                message instanceof Message.Statements statements ? lowered(statements) : List.of(message);
            case FORGED_VOTES -> message instanceof Message.Votes votes ? forged(votes) : List.of(message);
            case EARLIER_TIME -> message instanceof Message.Proposed(Proposal own) ? earlier(own) : List.of(message);
            case BAD_COMMIT -> message instanceof Message.Proposed(Proposal own) ? uncommitted(own) : List.of(message);
            case OTHER_BATCHES ->
                message instanceof Message.Proposed(Proposal own) && half ? emptied(own) : List.of(message);
            case SILENT -> List.of();
        };
    }

    private void remember(Message message) {
        past.add(message);
        if (past.size() > REMEMBERED) {
            past.remove();
        }
    }

    private List<Message> changed(Proposal own, boolean wrongRoot) {
        Header old = own.outline().header();
        return List.of(with(
                own, own.outline().lastCommit(), old.timeMillis() + 1, wrongRoot ? Bytes.zeros(32) : old.stateRoot()));
    }

    private Message with(Proposal own, Optional<Commit> commit, long time, Bytes stateRoot) {
        Outline outline = own.outline();
        Header old = outline.header();
        Header other = new Header(
                old.chainId(),
                old.epoch(),
                old.height(),
                old.round(),
                time,
                old.parent(),
                Outline.hash(commit),
                old.openingHash(),
                old.transactionsRoot(),
                old.receiptsRoot(),
                stateRoot,
                old.validatorsHash(),
                old.nextValidatorsHash(),
                old.absent(),
                old.proposer());
        return proposal(own, new Outline(other, commit, outline.opening(), outline.batches()), own.polka());
    }

    /** A block that is no later than the one before, or long before now. */
    private List<Message> earlier(Proposal own) {
        Header old = own.outline().header();
        return List.of(with(own, own.outline().lastCommit(), old.timeMillis() - 400, old.stateRoot()));
    }

    /** The commit of the block before with a signature that nobody gave. */
    private List<Message> uncommitted(Proposal own) {
        Header old = own.outline().header();
        Optional<Commit> commit = own.outline().lastCommit().map(it -> {
            Certificate given = it.certificate();
            List<CommitSignature> signatures = new ArrayList<>(given.signatures());
            signatures.set(0, new CommitSignature(signatures.getFirst().slot(), sign(given.blockId())));
            return new Commit(
                    new Certificate(given.epoch(), given.height(), given.round(), given.blockId(), signatures),
                    it.keys(),
                    it.extensions());
        });
        return List.of(with(own, commit, old.timeMillis(), old.stateRoot()));
    }

    /** The same header over no batches. */
    private List<Message> emptied(Proposal own) {
        Outline outline = own.outline();
        return List.of(proposal(
                own, new Outline(outline.header(), outline.lastCommit(), outline.opening(), List.of()), own.polka()));
    }

    /** Votes for nil in everybody's name. */
    private List<Message> forged(Message.Votes votes) {
        List<Vote> all = new ArrayList<>(votes.votes());
        for (Vote own : votes.votes()) {
            for (int slot = 1; slot <= world.honest().size() && own.slot() == node.slot(); slot++) {
                all.add(new Vote(
                        own.type(),
                        own.epoch(),
                        own.height(),
                        own.round(),
                        Optional.empty(),
                        -1,
                        slot,
                        Optional.empty(),
                        own.signature()));
            }
        }
        return List.of(new Message.Votes(all));
    }

    private Message proposal(Proposal own, Outline outline, Optional<Polka> polka) {
        Bytes digest = SignBytes.proposal(
                outline.header().chainId(),
                own.epoch(),
                own.height(),
                own.round(),
                polka.map(Polka::round).orElse(-1),
                outline.id());
        return new Message.Proposed(new Proposal(own.epoch(), own.round(), outline, polka, sign(digest)));
    }

    /** A valid round whose polka is nobody's. */
    private List<Message> unproven(Proposal own) {
        if (own.round() == 0) {
            return List.of(); // it lets the round pass: only later ones can have a valid round
        }
        Polka made = new Polka(
                own.round() - 1,
                own.outline().id(),
                List.of(new PrevoteSignature(node.slot(), -1, sign(own.outline().id()))));
        return List.of(proposal(own, own.outline(), Optional.of(made)));
    }

    private Vote vote(Vote like, VoteType type, long epoch, long height, int round, Optional<Bytes> id) {
        Vote unsigned = new Vote(type, epoch, height, round, id, -1, node.slot(), Optional.empty(), like.signature());
        return new Vote(
                type,
                epoch,
                height,
                round,
                id,
                -1,
                node.slot(),
                Optional.empty(),
                sign(unsigned.digest(world.chainId())));
    }

    private List<Message> opposite(Message.Votes votes) {
        return List.of(new Message.Votes(votes.votes().stream()
                .map(it -> it.slot() != node.slot()
                        ? it
                        : vote(it, it.type(), it.epoch(), it.height(), it.round(), Optional.empty()))
                .toList()));
    }

    /** Both votes for whatever is proposed. */
    private List<Message> withVotes(Proposal of) {
        Vote like = new Vote(
                VoteType.PREVOTE,
                of.epoch(),
                of.height(),
                of.round(),
                Optional.empty(),
                -1,
                node.slot(),
                Optional.empty(),
                of.signature());
        Optional<Bytes> id = Optional.of(of.outline().id());
        return List.of(
                new Message.Proposed(of),
                new Message.Votes(List.of(
                        vote(like, VoteType.PREVOTE, of.epoch(), of.height(), of.round(), id),
                        vote(like, VoteType.PRECOMMIT, of.epoch(), of.height(), of.round(), id))));
    }

    /** Votes for the latest proposal that it heard of, whatever it is locked on. */
    private List<Message> freed(Message.Votes votes) {
        Optional<Proposal> latest = world.latestProposal();
        List<Vote> all = new ArrayList<>(votes.votes());
        for (Vote own : votes.votes()) {
            boolean fits = own.slot() == node.slot()
                    && latest.isPresent()
                    && latest.get().height() == own.height()
                    && latest.get().epoch() == own.epoch();
            if (fits) {
                all.remove(own);
                all.add(vote(
                        own,
                        own.type(),
                        own.epoch(),
                        own.height(),
                        own.round(),
                        Optional.of(latest.get().outline().id())));
            }
        }
        return List.of(new Message.Votes(all));
    }

    private List<Message> late(SimNode to, Message message) {
        boolean precommits = message instanceof Message.Votes votes
                && votes.votes().stream().anyMatch(it -> it.type() == VoteType.PRECOMMIT);
        if (!precommits) {
            return List.of(message);
        }
        world.sendLater(node, to, message, random.nextInt(200, 6_000));
        return List.of();
    }

    private List<Message> spam(Message message, int rounds, long heights) {
        if (!(message instanceof Message.Votes votes) || votes.votes().isEmpty()) {
            return List.of(message);
        }
        Vote like = votes.votes().getFirst();
        return List.of(
                message,
                new Message.Votes(List.of(vote(
                        like,
                        like.type(),
                        like.epoch(),
                        like.height() + heights,
                        like.round() + rounds,
                        Optional.of(Bytes.zeros(32))))));
    }

    private Message claiming(Message.Status status) {
        return new Message.Status(
                status.epoch(),
                status.height() + random.nextInt(1, 100_000),
                0,
                Step.PROPOSE,
                false,
                Optional.empty(),
                List.of());
    }

    private List<Message> ofOtherEpoch(Message.Votes votes) {
        List<Vote> all = new ArrayList<>(votes.votes());
        for (Vote own : votes.votes()) {
            if (own.slot() == node.slot()) {
                all.add(vote(own, own.type(), own.epoch() + 1, own.height(), own.round(), own.blockId()));
            }
        }
        return List.of(new Message.Votes(all));
    }

    /** Another opening of the same number, without some of the statements that know most. */
    private List<Message> lesser(Opening opening) {
        int kept = random.nextInt(1, Math.max(2, opening.statements().size()));
        List<Statement> statements = opening.statements().stream()
                .sorted(Comparator.comparing(Statement::baseHeight)
                        .thenComparing(it -> it.polka().isPresent()))
                .limit(kept)
                .sorted(Comparator.comparing(Statement::slot))
                .toList();
        Opening unsigned = new Opening(statements, opening.signature());
        return List.of(new Message.Opened(new Opening(statements, TestKeys.sign(node.nodeId(), unsigned.hash()))));
    }

    /** A statement that knows of nothing. */
    private List<Message> lowered(Message.Statements statements) {
        List<Statement> all = new ArrayList<>();
        for (Statement each : statements.statements()) {
            boolean own = each.slot() == node.slot();
            all.add(
                    own
                            ? node.boot()
                                    .orElseThrow()
                                    .statement(new BootSigner.Request(
                                            each.claim().chainId(),
                                            each.claim().fromEpoch(),
                                            each.recovery(),
                                            each.slot(),
                                            random.nextBoolean() ? each.base() : Optional.empty(),
                                            Optional.empty()))
                            : each);
        }
        return List.of(new Message.Statements(all));
    }
}
