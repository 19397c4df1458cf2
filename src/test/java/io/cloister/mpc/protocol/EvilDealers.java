package io.cloister.mpc.protocol;

import io.cloister.crypto.Point;
import io.cloister.mpc.dealing.Dealer;
import io.cloister.mpc.dealing.Dealing;
import io.cloister.mpc.dealing.DealingContext;
import io.cloister.mpc.dealing.EvilDealings;
import io.cloister.mpc.dealing.InstanceKind;
import io.cloister.mpc.sharing.Share;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Dealers of the adversary: everything by the book, but for the dealings. */
final class EvilDealers implements Dealers {
    /** What a dealer does wrong. */
    enum Kind {
        WRONG_SHARE_TO_ONE,
        WRONG_SHARE_TO_ALL,
        HIGHER_DEGREE,
        LOWER_DEGREE,
        BAD_PROOF,
        OTHER_VALUE,
        REPLAY_OF_ANOTHER_INSTANCE,
        FOREIGN_EPHEMERAL,
        SWAPPED_CIPHERTEXTS
    }

    private final Kind kind;
    private final int victim;
    private final Predicate<InstanceKind> where;
    private final Map<InstanceKind, Dealing> earlier = new EnumMap<>(InstanceKind.class);

    EvilDealers(Kind kind, int victim, Predicate<InstanceKind> where) {
        this.kind = kind;
        this.victim = victim;
        this.where = where;
    }

    @Override
    public Dealing random(DealingContext context, int slot) {
        return spoil(HONEST.random(context, slot), context, slot);
    }

    @Override
    public Dealing unmask(DealingContext context, int slot, Share share, Point committed) {
        return spoil(HONEST.unmask(context, slot, share, committed), context, slot);
    }

    @Override
    public Dealing products(DealingContext context, int slot, List<Dealer.Factors> factors) {
        return spoil(HONEST.products(context, slot, factors), context, slot);
    }

    private Dealing spoil(Dealing dealing, DealingContext context, int slot) {
        if (!where.test(context.kind())) {
            return dealing;
        }
        Dealing before = earlier.put(context.kind(), dealing);
        return switch (kind) {
            case WRONG_SHARE_TO_ONE -> EvilDealings.wrongShares(dealing, Set.of(victim));
            case WRONG_SHARE_TO_ALL ->
                EvilDealings.wrongShares(
                        dealing,
                        context.receivers().stream()
                                .map(DealingContext.Receiver::slot)
                                .filter(s -> s != slot)
                                .collect(Collectors.toSet()));
            case HIGHER_DEGREE -> EvilDealings.otherDegree(dealing, 1);
            case LOWER_DEGREE -> EvilDealings.otherDegree(dealing, -1);
            case BAD_PROOF -> EvilDealings.badProofs(dealing);
            case OTHER_VALUE -> EvilDealings.otherValue(dealing);
            case REPLAY_OF_ANOTHER_INSTANCE -> before == null ? dealing : before;
            case FOREIGN_EPHEMERAL -> EvilDealings.foreignEphemeral(dealing, context.digest(slot));
            case SWAPPED_CIPHERTEXTS -> EvilDealings.swappedCiphertexts(dealing, victim, slot);
        };
    }
}
