package io.cloister.consensus.core;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Block;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.HeldPolka;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Opening;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.Statement;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The way back when no quorum of living vote keys is left. Nodes state, once for each recovery number, what they know to
 * be decided and the highest polka above it; statements of more than two thirds of the weight, put together by the
 * number's leader, open the epoch of that number. Rules E1 to E10 of {@code docs/consensus.md}. Not thread-safe.
 */
final class Recovery {
    /** How far above the present epoch a recovery number may be, so that nobody can use the numbers up. */
    static final long NUMBERS_AHEAD = 100_000;

    /** Bodies that are kept for polkas of others. */
    private static final int BODIES = 8;

    /**
     * What a node builds on.
     *
     * @param epoch that it takes part in
     * @param named the set that the last block names next
     * @param later the set of the height after that, as far as it is fixed
     * @param begun whether a block of the epoch is decided; nobody knows before whether others have the same opening
     * @param seated whether the own vote key is in the set of the height in progress
     * @param polka the highest one of the height in progress
     * @param bodies blocks of the height in progress that this node holds, by their ids
     */
    record Standing(
            String chainId,
            long epoch,
            Parent parent,
            ValidatorSet named,
            ValidatorSet later,
            boolean begun,
            boolean seated,
            Optional<HeldPolka> polka,
            Function<Bytes, Optional<Block>> bodies) {
        /** How many epochs have passed since the one of the last block. */
        long attempts() {
            return epoch - parent.epoch();
        }

        /** Whether these are a quorum of the next height's set and of the one after, which may have other members. */
        boolean isQuorum(List<Statement> of) {
            return isQuorum(named, of) && isQuorum(later, of);
        }

        private static boolean isQuorum(ValidatorSet set, List<Statement> of) {
            long weight = of.stream()
                    .flatMap(it -> set.bySlot(it.slot()).stream())
                    .mapToLong(Validator::weight)
                    .sum();
            return set.isQuorum(weight);
        }
    }

    private final Bytes nodeId;
    private final Pace pace;
    private final SignatureCheck check;
    private final KeyEvidence evidence;
    private final Map<Integer, Statement> statements = new TreeMap<>();
    private final Map<Bytes, Block> bodies = new HashMap<>();
    private Optional<Statement> own = Optional.empty();
    private Optional<Opening> early = Optional.empty();
    private Optional<Input.Promise> stated = Optional.empty();
    private long accepted;
    private long asking;
    private long gatheredSince = -1;
    private long fittingSince = -1;
    private long led;
    private boolean divided;
    private long progressAt;

    Recovery(Bytes nodeId, Pace pace, SignatureCheck check, KeyEvidence evidence) {
        this.nodeId = nodeId;
        this.pace = pace;
        this.check = check;
        this.evidence = evidence;
    }

    /** @param before what the log says of earlier boots */
    void begin(Input.Memory before, long nowMillis) {
        stated = before.stated();
        accepted = before.accepted();
        progressAt = nowMillis;
    }

    /** No vote in an epoch below this may be given. */
    long promised() {
        return Math.max(
                accepted, Math.max(asking, stated.map(Input.Promise::recovery).orElse(0L)));
    }

    /**
     * E9: statements of a boot bind no longer once the chain has seated a newer boot of the slot, because nobody counts
     * them any more.
     */
    private void release(ValidatorSet named) {
        stated = stated.filter(it -> named.byNodeId(nodeId)
                .filter(seat -> seat.bootCounter() > it.bootCounter())
                .isEmpty());
    }

    /** A block was decided: there is a quorum, or somebody else has it. */
    void progressed(long nowMillis, long epoch, ValidatorSet named) {
        progressAt = nowMillis;
        divided = false;
        statements.values().removeIf(it -> it.recovery() <= epoch);
        release(named);
        own = own.filter(it -> it.recovery() > epoch && stated.isPresent());
        if (own.isEmpty()) {
            asking = 0;
            statements.clear();
        }
        bodies.clear();
    }

    /** A block was decided again in a later epoch: that epoch is open, whether its opening is known here or not. */
    void learned(long epoch) {
        accepted = Math.max(accepted, epoch);
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
        boolean unable = !at.seated() || promised() > at.epoch() || divided;
        boolean others = !statements.isEmpty();
        long left = at.named().totalWeight() - weight(at, at.epoch() + 1);
        boolean noQuorumLeft = others && !at.named().isQuorum(left);
        boolean longStalled = stalled && nowMillis - progressAt >= 3 * pace.stall();
        boolean fruitless = stalled && !at.begun() && nowMillis - progressAt >= 3 * pace.stall() * at.attempts();
        return (stalled && unable) || noQuorumLeft || (longStalled && others) || fruitless;
    }

    /** The next number of its own, or the highest that more than a third of the weight speaks of. */
    private long firstNumber(Standing at) {
        return Math.max(Math.max(promised(), at.epoch()) + 1, supported(at));
    }

    /** The highest number that statements of more than a third of the weight have reached; 0 for none. */
    private long supported(Standing at) {
        return statements.values().stream()
                .map(Statement::recovery)
                .filter(number -> at.named().hasHonest(weight(at, number)))
                .max(Long::compare)
                .orElse(0L);
    }

    /**
     * E3: jumps to what more than a third of the weight has reached; else goes one up when a quorum has reached the own
     * number and no opening came in time, sooner when somebody is ahead.
     */
    private Optional<Long> nextNumber(Standing at, long nowMillis) {
        long supported = supported(at);
        if (supported > asking) {
            return Optional.of(supported);
        }
        if (!at.named().isQuorum(weight(at, asking))) {
            gatheredSince = -1;
            return Optional.empty();
        }
        if (gatheredSince < 0) {
            gatheredSince = nowMillis;
        }
        boolean ahead = statements.values().stream().anyMatch(it -> it.recovery() > asking);
        long patience = pace.openingPatience(ahead ? 1 : asking - at.epoch());
        return nowMillis - gatheredSince >= patience ? Optional.of(asking + 1) : Optional.empty();
    }

    private List<Effect> state(Standing at, long number, long nowMillis) {
        asking = number;
        own = Optional.empty();
        gatheredSince = -1;
        fittingSince = -1;
        Optional<CertifiedHeader> base = at.parent().certified();
        return List.of(new Effect.LeaveEpochsBelow(number), new Effect.State(at.epoch(), number, base, at.polka()));
    }

    /** The own statement is signed: it is made durable, then it leaves. */
    List<Effect> stated(Statement statement, long height) {
        if (statement.recovery() != asking) {
            return List.of();
        }
        own = Optional.of(statement);
        stated = Optional.of(
                new Input.Promise(statement.recovery(), statement.claim().bootCounter()));
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

    /** E4: the leader of the number opens when enough statements fit together, and all that may still come are there. */
    private List<Effect> lead(Standing at, long nowMillis) {
        if (!leader(at.named(), asking).nodeId().equals(nodeId) || led >= asking) {
            return List.of();
        }
        List<Statement> chosen = fitting(at);
        if (!at.isQuorum(chosen)) {
            fittingSince = -1;
            return List.of();
        }
        if (fittingSince < 0) {
            fittingSince = nowMillis;
        }
        boolean complete = chosen.size() == at.named().size() || nowMillis - fittingSince >= pace.openingGrace();
        if (!complete) {
            return List.of();
        }
        led = asking; // one opening for each number
        return List.of(new Effect.SignOpening(chosen));
    }

    /** Statements of the own number that speak of no block that is not held here, and of no key twice. */
    private List<Statement> fitting(Standing at) {
        Set<Bytes> keys = new HashSet<>();
        List<Statement> fitting = statements.values().stream()
                .filter(it -> it.recovery() == asking
                        && it.baseHeight() <= at.parent().height())
                .filter(it -> isTrue(at, it))
                .filter(it -> it.polka().map(polka -> isHeld(at, polka)).orElse(true))
                .filter(it -> keys.add(it.claim().voteKey()) && isFree(at.named(), it.claim()))
                .toList();
        return suiting(at, fitting);
    }

    /** Without those whose keys do not suit the block that they require. */
    private static List<Statement> suiting(Standing at, List<Statement> of) {
        if (of.isEmpty()) {
            return of;
        }
        Optional<HeldPolka> required = new Opening(of, KeyClaim.UNSIGNED).required();
        List<Statement> suiting =
                of.stream().filter(it -> suits(at, required, it.claim())).toList();
        return suiting.size() == of.size() ? of : suiting(at, suiting);
    }

    /**
     * E8: a required block has a set of its own and names the one after it. A claim of an older boot than these have, or of
     * the key of another slot, would make a set that no block can have.
     */
    private static boolean suits(Standing at, Optional<HeldPolka> required, KeyClaim claim) {
        Optional<Block> block = required.filter(
                        it -> it.header().height() > at.parent().height())
                .map(it -> at.bodies().apply(it.header().id()).orElseThrow());
        List<ValidatorSet> sets = new ArrayList<>();
        block.ifPresent(it -> sets.add(at.later()));
        block.flatMap(Block::opening)
                .flatMap(it -> KeyClaim.replaced(at.named(), it.claims()))
                .ifPresent(sets::add);
        return isFree(at.later(), claim)
                && sets.stream()
                        .allMatch(it ->
                                isFree(it, claim) && (it.bySlot(claim.slot()).isEmpty() || claim.isCurrent(it)));
    }

    /** Whether no other slot of the set has the key that a statement claims. */
    private static boolean isFree(ValidatorSet set, KeyClaim claim) {
        return set.byVoteKey(claim.voteKey())
                .filter(it -> it.slot() != claim.slot())
                .isEmpty();
    }

    /** Whether the body of what a polka is for is held, or the block is decided already. */
    private boolean isHeld(Standing at, HeldPolka polka) {
        return polka.header().height() <= at.parent().height()
                || at.bodies().apply(polka.header().id()).isPresent();
    }

    /** A block that some statement shows a polka for. */
    boolean wantsBody(Bytes id) {
        return !bodies.containsKey(id)
                && bodies.size() < BODIES
                && (early.stream()
                                .flatMap(it -> it.required().stream())
                                .anyMatch(it -> it.header().id().equals(id))
                        || statements.values().stream()
                                .flatMap(it -> it.polka().stream())
                                .anyMatch(it -> it.header().id().equals(id)));
    }

    void hold(Block block) {
        bodies.put(block.id(), block);
    }

    Optional<Block> body(Bytes id) {
        return Optional.ofNullable(bodies.get(id));
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
                && at.isQuorum(opening.statements())
                && Succession.validators(at.named(), at.chainId(), opening, check)
                        .isPresent()
                && opening.statements().stream()
                        .allMatch(it -> evidence.vouches(at.named(), it.claim(), it.evidence())
                                && isTrue(at, it)
                                && suits(at, opening.required(), it.claim()));
        return holds ? Optional.empty() : Optional.of(Refusal.BAD_OPENING);
    }

    /**
     * E1: another opening than the own one of an epoch that has decided nothing: if the leader signed both, nobody knows who
     * has which.
     *
     * @return whether the leader signed it
     */
    boolean divides(Standing at, Opening other) {
        boolean signed = check.genuine(leader(at.named(), other.epoch()).nodeId(), other.hash(), other.signature());
        divided |= signed;
        return signed;
    }

    /** Whether an opening is news, and builds on blocks that this node holds. */
    boolean isAcceptable(Standing at, Opening opening) {
        long base = opening.baseHeight();
        boolean onLast = base == at.parent().height();
        boolean onTheOneBefore = base + 1 == at.parent().height()
                && opening.required()
                        .filter(it -> it.header().id().equals(at.parent().id()))
                        .isPresent();
        boolean held = opening.required().map(it -> isHeld(at, it)).orElse(true);
        return opening.epoch() > at.epoch() && opening.epoch() >= promised() && held && (onLast || onTheOneBefore);
    }

    /** An opening that builds on blocks that this node still lacks; one is kept until it fits. */
    void keep(Standing at, Opening opening) {
        boolean ahead = opening.epoch() > at.epoch()
                && opening.epoch() <= at.epoch() + NUMBERS_AHEAD
                && opening.epoch() >= promised()
                && (opening.baseHeight() > at.parent().height()
                        || (opening.baseHeight() == at.parent().height()
                                && opening.required()
                                        .filter(it -> !isHeld(at, it))
                                        .isPresent()));
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
        accepted = Math.max(accepted, epoch);
        progressAt = nowMillis;
        asking = 0;
        divided = false;
        own = Optional.empty();
        statements.values().removeIf(it -> it.recovery() <= epoch);
        early = early.filter(it -> it.epoch() > epoch);
    }

    private long weight(Standing at, long from) {
        return statements.values().stream()
                .filter(it -> it.recovery() >= from)
                .flatMap(it -> at.named().bySlot(it.slot()).stream())
                .mapToLong(Validator::weight)
                .sum();
    }

    /** The own statement, as long as no opening has come. */
    Optional<Statement> own() {
        return own;
    }

    @Override
    public String toString() {
        List<String> numbers = statements.entrySet().stream()
                .map(it -> it.getKey() + ":" + it.getValue().recovery() + "@"
                        + it.getValue().baseHeight())
                .toList();
        return "asking " + asking + ", promised " + promised() + ", statements " + numbers;
    }
}
