package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The way back when no quorum of living vote keys is left. Nodes state, once for each recovery number, what they know to
 * be decided and the highest polka above it; statements of more than two thirds of the weight, put together by the
 * number's leader, open the epoch of that number. Rules E1 to E8 of {@code docs/consensus.md}. Not thread-safe.
 */
final class Recovery {
    /** How far above the present epoch a recovery number may be, so that nobody can use the numbers up. */
    static final long NUMBERS_AHEAD = 100_000;

    /** What a node builds on: its last block, the set that it names next, and the epoch that it takes part in. */
    record Standing(
            String chainId, long epoch, Parent parent, ValidatorSet named, boolean seated, Optional<HeldPolka> polka) {}

    private final Bytes nodeId;
    private final Pace pace;
    private final SignatureCheck check;
    private final KeyEvidence evidence;
    private final Map<Integer, Statement> statements = new TreeMap<>();
    private Optional<Statement> own = Optional.empty();
    private Optional<Opening> early = Optional.empty();
    private long promised;
    private long asking;
    private long since;
    private long gatheredSince = -1;
    private long led;
    private long progressAt;

    Recovery(Bytes nodeId, Pace pace, SignatureCheck check, KeyEvidence evidence) {
        this.nodeId = nodeId;
        this.pace = pace;
        this.check = check;
        this.evidence = evidence;
    }

    void begin(long promisedBefore, long nowMillis) {
        promised = promisedBefore;
        progressAt = nowMillis;
    }

    /** No vote in an epoch below this may be given. */
    long promised() {
        return promised;
    }

    /** A block was decided: there is a quorum, or somebody else has it. */
    void progressed(long nowMillis, Standing at) {
        progressAt = nowMillis;
        statements.values().removeIf(it -> it.recovery() <= at.epoch());
        own = own.filter(it -> it.recovery() > at.epoch());
        if (own.isEmpty()) {
            asking = 0;
            statements.clear();
        }
    }

    /** A statement for the own slot is being signed or was. */
    boolean isUnderWay() {
        return asking > 0;
    }

    /**
     * E1, E2: whether to state, and for which number. Called with each tick.
     *
     * @param heard weight of those who were heard of lately, with the own
     */
    List<Effect> tick(Standing at, long nowMillis, long heard) {
        if (at.named().byNodeId(nodeId).isEmpty()) {
            return List.of();
        }
        if (asking <= at.epoch()) {
            return mustState(at, nowMillis, heard) ? state(at, firstNumber(at), nowMillis) : List.of();
        }
        List<Effect> effects = new ArrayList<>();
        if (own.isPresent()) {
            effects.add(new Effect.Broadcast(new Message.Statements(List.of(own.get()))));
            effects.addAll(lead(at, nowMillis));
            nextNumber(at, nowMillis).ifPresent(number -> effects.addAll(state(at, number, nowMillis)));
        }
        return effects;
    }

    private boolean mustState(Standing at, long nowMillis, long heard) {
        boolean stalled = nowMillis - progressAt >= pace.stall() && at.named().isQuorum(heard);
        boolean unable = !at.seated() || promised > at.epoch();
        boolean others = !statements.isEmpty();
        long left = at.named().totalWeight() - weight(at, at.epoch() + 1);
        boolean noQuorumLeft = others && !at.named().isQuorum(left);
        boolean longStalled = stalled && nowMillis - progressAt >= 3 * pace.stall();
        return (stalled && unable) || noQuorumLeft || (longStalled && others);
    }

    /** The highest number that anybody speaks of, or the next one. */
    private long firstNumber(Standing at) {
        long highest = Math.max(Math.max(promised, at.epoch()) + 1, 0);
        for (Statement statement : statements.values()) {
            highest = Math.max(highest, statement.recovery());
        }
        return highest;
    }

    /** E3: statements of a quorum were there and no opening came; or somebody is at a higher number. */
    private Optional<Long> nextNumber(Standing at, long nowMillis) {
        long waited = nowMillis - since;
        Optional<Long> higher = statements.values().stream()
                .map(Statement::recovery)
                .filter(it -> it > asking)
                .min(Long::compare);
        if (higher.isPresent() && waited >= pace.tick()) {
            return higher;
        }
        boolean gathered = gatheredSince >= 0 && nowMillis - gatheredSince >= pace.openingPatience(asking - at.epoch());
        return gathered ? Optional.of(asking + 1) : Optional.empty();
    }

    private List<Effect> state(Standing at, long number, long nowMillis) {
        asking = number;
        promised = number;
        own = Optional.empty();
        since = nowMillis;
        gatheredSince = -1;
        Optional<CertifiedHeader> base = at.parent().certified();
        return List.of(new Effect.LeaveEpochsBelow(number), new Effect.State(at.epoch(), number, base, at.polka()));
    }

    /** The own statement is signed: it is made durable, then it leaves. */
    List<Effect> stated(Statement statement, long height) {
        if (statement.recovery() != asking) {
            return List.of();
        }
        own = Optional.of(statement);
        statements.put(statement.slot(), statement);
        return List.of(
                new Effect.Persist(new LogRecord.Stated(height, statement), true),
                new Effect.Broadcast(new Message.Statements(List.of(statement))));
    }

    /**
     * A statement of a peer, or passed on by one.
     *
     * @return what is wrong with it
     */
    Optional<Refusal> heard(Standing at, Statement statement) {
        boolean current =
                statement.claim().chainId().equals(at.chainId()) && statement.recovery() <= at.epoch() + NUMBERS_AHEAD;
        if (!current) {
            return Optional.of(Refusal.BAD_STATEMENT);
        }
        Optional<Validator> slot = at.named().bySlot(statement.slot());
        Statement known = statements.get(statement.slot());
        boolean news = slot.isPresent()
                && statement.recovery() > at.epoch()
                && (known == null || statement.recovery() > known.recovery())
                && !slot.get().nodeId().equals(nodeId);
        if (!news || slot.get().bootCounter() > statement.claim().bootCounter()) {
            return Optional.empty(); // late, of no member, or of a boot that the chain has left behind
        }
        boolean genuine = statement.claim().isGenuine(at.named(), check)
                && evidence.vouches(at.named(), statement.claim(), statement.evidence());
        if (!genuine) {
            return Optional.of(Refusal.BAD_STATEMENT);
        }
        statements.put(statement.slot(), statement);
        return Optional.empty();
    }

    /** The highest decided height that a statement shows, for the choice of whom to ask. */
    static long claimedHeight(Statement statement) {
        return statement.baseHeight() + 1;
    }

    /** E4: the leader of the number opens when enough statements fit together, and all that may still come are there. */
    private List<Effect> lead(Standing at, long nowMillis) {
        List<Statement> chosen = fitting(at);
        long weight = chosen.stream()
                .flatMap(it -> at.named().bySlot(it.slot()).stream())
                .mapToLong(Validator::weight)
                .sum();
        if (!at.named().isQuorum(weight)) {
            gatheredSince = -1;
            return List.of();
        }
        if (gatheredSince < 0) {
            gatheredSince = nowMillis;
        }
        boolean complete = weight == at.named().totalWeight() || nowMillis - gatheredSince >= pace.openingGrace();
        boolean leads = leader(at.named(), asking).nodeId().equals(nodeId);
        if (!leads || !complete || led >= asking) {
            return List.of();
        }
        led = asking; // one opening for each number
        return List.of(new Effect.SignOpening(chosen));
    }

    /** Statements of the own number that do not speak of a block beyond the own ones. */
    private List<Statement> fitting(Standing at) {
        return statements.values().stream()
                .filter(it -> it.recovery() == asking
                        && it.baseHeight() <= at.parent().height())
                .filter(it -> isTrue(at, it))
                .toList();
    }

    private boolean isTrue(Standing at, Statement statement) {
        long above = at.parent().height() - statement.baseHeight();
        if (above > 1) {
            return true; // its base and polka lie below what others show, so nothing depends on them
        }
        Bytes expected = above == 0
                ? at.parent().id()
                : at.parent().header().orElseThrow().parent();
        Bytes id = statement.base().map(it -> it.header().id()).orElse(expected); // without a base: the genesis
        ValidatorSet named = above == 0 ? at.named() : at.parent().validators().orElseThrow();
        return id.equals(expected)
                && statement.polka().filter(it -> !it.proves(named, check)).isEmpty();
    }

    static Validator leader(ValidatorSet named, long recovery) {
        return named.at((int) (recovery % named.size()));
    }

    /** E5: what is wrong with an opening; empty when it may be accepted, or not yet judged. */
    Optional<Refusal> judge(Standing at, Opening opening) {
        boolean signed =
                check.genuine(leader(at.named(), opening.epoch()).nodeId(), opening.hash(), opening.signature());
        boolean holds = signed
                && opening.epoch() <= at.epoch() + NUMBERS_AHEAD
                && Succession.validators(at.named(), at.chainId(), opening, check)
                        .isPresent()
                && opening.statements().stream()
                        .allMatch(it -> evidence.vouches(at.named(), it.claim(), it.evidence()) && isTrue(at, it));
        return holds ? Optional.empty() : Optional.of(Refusal.BAD_OPENING);
    }

    /** Whether an opening is news, and builds on blocks that this node holds. */
    boolean isAcceptable(Standing at, Opening opening) {
        long base = opening.baseHeight();
        boolean onLast = base == at.parent().height();
        boolean onTheOneBefore = base + 1 == at.parent().height()
                && opening.required()
                        .filter(it -> it.header().id().equals(at.parent().id()))
                        .isPresent();
        return opening.epoch() > at.epoch() && opening.epoch() >= promised && (onLast || onTheOneBefore);
    }

    /** An opening that builds on blocks that this node still lacks; the latest one is kept. */
    void keep(Standing at, Opening opening) {
        boolean ahead = opening.epoch() > at.epoch()
                && opening.epoch() <= at.epoch() + NUMBERS_AHEAD
                && opening.baseHeight() > at.parent().height();
        if (ahead) {
            early = Optional.of(opening);
        }
    }

    /** The kept opening, once. */
    Optional<Opening> kept() {
        Optional<Opening> kept = early;
        early = Optional.empty();
        return kept;
    }

    /** The epoch is open. */
    void opened(long epoch, long nowMillis) {
        promised = Math.max(promised, epoch);
        progressAt = nowMillis;
        asking = 0;
        own = Optional.empty();
        statements.values().removeIf(it -> it.recovery() <= epoch);
    }

    private long weight(Standing at, long from) {
        return statements.values().stream()
                .filter(it -> it.recovery() >= from)
                .flatMap(it -> at.named().bySlot(it.slot()).stream())
                .mapToLong(Validator::weight)
                .sum();
    }

    /** All statements that are held, for who asks. */
    List<Statement> statements() {
        return statements.values().stream().limit(Limits.VALIDATORS).toList();
    }

    @Override
    public String toString() {
        List<String> numbers = statements.entrySet().stream()
                .map(it -> it.getKey() + ":" + it.getValue().recovery() + "@"
                        + it.getValue().baseHeight())
                .toList();
        return "asking " + asking + ", promised " + promised + ", statements " + numbers;
    }
}
