package io.cloister.ledger.membership;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;

/**
 * How a network treats its members, decided when it is founded.
 *
 * @param operators 33-byte operator key of each founder in the order of slots; none where nobody is to join or to leave
 * @param operatorsCapped whether an operator may hold at most t slots
 * @param evidenceAgeMillis how old a member's evidence may become in block time; 0 for any age
 * @param readinessBlocks after so many blocks a proposed change is cancelled when the new committee cannot sign
 */
public record MembershipRules(
        List<Bytes> operators, boolean operatorsCapped, long evidenceAgeMillis, int readinessBlocks) {
    /** The founders are members for ever and their evidence does not age. */
    public static final MembershipRules FIXED = new MembershipRules(List.of(), false, 0, 1);

    /** Nobody operates the slots; evidence is renewed each day. */
    public static final MembershipRules DEFAULT = new MembershipRules(List.of(), false, 86_400_000, 1_000);

    /** Least age, so that a node has time for several attempts. */
    public static final long LEAST_AGE_MILLIS = 600_000;

    private static final int KEY = 33;

    /** @throws IllegalArgumentException for rules that no network can have */
    public MembershipRules {
        operators = List.copyOf(operators);
        if (operators.stream().anyMatch(it -> it.length() != KEY)) {
            throw new IllegalArgumentException("an operator key has 33 bytes");
        }
        if (evidenceAgeMillis != 0 && evidenceAgeMillis < LEAST_AGE_MILLIS) {
            throw new IllegalArgumentException("evidence may become at least " + LEAST_AGE_MILLIS + " ms old");
        }
        if (readinessBlocks < 1) {
            throw new IllegalArgumentException("a change waits for at least one block");
        }
    }

    /** Why a network of so many founders cannot have these operators; empty when it can. */
    public Optional<String> fault(int founders) {
        if (operators.isEmpty()) {
            return Optional.empty();
        }
        if (operators.size() != founders) {
            return Optional.of(operators.size() + " operator keys for " + founders + " members");
        }
        int most = (founders - 1) / 3;
        boolean above = operators.stream()
                .anyMatch(it -> operators.stream().filter(it::equals).count() > most);
        return operatorsCapped && above
                ? Optional.of("an operator has more than " + most + " slots")
                : Optional.empty();
    }

    public MembershipRules with(List<Bytes> operatorKeys, boolean capped) {
        return new MembershipRules(operatorKeys, capped, evidenceAgeMillis, readinessBlocks);
    }

    /** What stands in the state; the operators stand with their slots. */
    Bytes encode() {
        return new Writer()
                .bool(operatorsCapped)
                .u64(evidenceAgeMillis)
                .u32(readinessBlocks)
                .toBytes();
    }

    /** Without the operators. */
    static MembershipRules decode(Bytes encoded) {
        Reader in = new Reader(encoded);
        MembershipRules rules = new MembershipRules(List.of(), in.bool(), in.u64(), (int) in.u32());
        in.end();
        return rules;
    }
}
