package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.consensus.Evidence;
import io.cloister.consensus.SignatureCheck;
import io.cloister.consensus.ValidatorSet;
import io.cloister.consensus.core.Effect;
import io.cloister.consensus.core.HeightContext;
import io.cloister.consensus.core.Message;
import io.cloister.consensus.core.Parent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Contradictions that validators signed: found here or shown by peers, checked, kept in bounded number and passed on a few
 * times. Each offence counts once.
 */
final class EvidencePool {
    private static final int KEPT = 256;
    private static final int PER_SLOT = 16;
    private static final int TIMES_TOLD = 3;
    private static final int PER_MESSAGE = 16;

    private final String chainId;
    private final SignatureCheck check;
    private final Map<Bytes, Evidence> known = new LinkedHashMap<>();
    private final Map<Bytes, Integer> toTell = new LinkedHashMap<>();
    private final Map<Integer, Integer> bySlot = new HashMap<>();

    EvidencePool(String chainId, SignatureCheck check) {
        this.chainId = chainId;
        this.check = check;
    }

    /** Whether the validators of its epoch and height are known here: those of this height and of the one before. */
    boolean isJudged(Evidence shown, HeightContext context, Parent parent) {
        return validators(shown, context, parent).isPresent();
    }

    private static Optional<ValidatorSet> validators(Evidence shown, HeightContext context, Parent parent) {
        if (shown.height() == context.height() && shown.epoch() == context.epoch()) {
            return Optional.of(context.validators());
        }
        return parent.header()
                .filter(it -> it.height() == shown.height() && it.epoch() == shown.epoch())
                .flatMap(it -> parent.validators());
    }

    /** @return whether it convicts somebody */
    boolean add(Evidence shown, HeightContext context, Parent parent) {
        Bytes id = shown.id();
        if (known.containsKey(id)) {
            return true;
        }
        boolean convicts = validators(shown, context, parent)
                .filter(it -> shown.convicts(chainId, it, check))
                .isPresent();
        if (convicts && known.size() < KEPT && bySlot.merge(shown.slot(), 1, Integer::sum) <= PER_SLOT) {
            known.put(id, shown);
            toTell.put(id, TIMES_TOLD);
        }
        return convicts;
    }

    /** The regular beat: news is told to all. */
    List<Effect> tick() {
        List<Evidence> told = new ArrayList<>();
        for (Bytes id : List.copyOf(toTell.keySet())) {
            if (told.size() < PER_MESSAGE) {
                told.add(known.get(id));
                toTell.computeIfPresent(id, (key, left) -> left > 1 ? left - 1 : null);
            }
        }
        return told.isEmpty() ? List.of() : List.of(new Effect.Broadcast(new Message.Misbehaviour(told)));
    }

    List<Evidence> all() {
        return List.copyOf(known.values());
    }
}
