package io.cloister.attestation.policy;

import io.cloister.attestation.Custody;
import io.cloister.attestation.snp.ProductLine;
import io.cloister.attestation.steps.Outcome;
import io.cloister.codec.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Which chips may attest, and who has them in hand. Ids have 8 bytes on Turin, else 64. A report that hides its chip
 * (a VLEK, a masking host) satisfies neither list.
 *
 * @param allowed where not empty, no other chip may
 * @param denied chips that may not
 * @param custody who has the chip of an id in hand; other chips count as owner-held
 */
public record ChipRules(SortedSet<Bytes> allowed, SortedSet<Bytes> denied, SortedMap<Bytes, Custody> custody) {
    public ChipRules {
        allowed = Values.sorted(allowed);
        denied = Values.sorted(denied);
        custody = Values.sorted(custody);
        allowed.forEach(ChipRules::requireId);
        denied.forEach(ChipRules::requireId);
        custody.keySet().forEach(ChipRules::requireId);
        Values.require(!custody.containsValue(Custody.SIMULATED), "custody of a chip cannot be simulated");
    }

    private static void requireId(Bytes id) {
        Values.require(
                Arrays.stream(ProductLine.values()).anyMatch(line -> line.chipIdLength() == id.length()),
                "a chip id has 64 bytes, on Turin 8");
        Values.require(!isHidden(id), "a chip id of zeros names no chip");
        Values.require(!isPadded(id), "a chip id of Turin is written with its 8 bytes, without the zeros behind them");
    }

    /** Turin's id as a report has it: rules see it without the zeros, so with them it would name nothing. */
    private static boolean isPadded(Bytes id) {
        int turin = ProductLine.TURIN.chipIdLength();
        return id.length() > turin && isHidden(id.slice(turin, id.length() - turin));
    }

    public List<Rule> rules() {
        return List.of(new Rule("chip-allowed", this::isAllowed), new Rule("chip-denied", this::isNotDenied));
    }

    private Outcome isAllowed(Subject subject) {
        Bytes chip = subject.hardware().chipId();
        if (allowed.isEmpty()) {
            return Rule.notAsked("the policy has no list of chips that alone may attest");
        }
        return isHidden(chip) ? hidden() : Rule.oneOf(allowed, chip, "chips");
    }

    private Outcome isNotDenied(Subject subject) {
        Bytes chip = subject.hardware().chipId();
        if (denied.isEmpty()) {
            return Rule.notAsked("the policy denies no chip");
        }
        return isHidden(chip)
                ? hidden()
                : Rule.judge(!denied.contains(chip), chip + (denied.contains(chip) ? " is denied" : " is not denied"));
    }

    private static boolean isHidden(Bytes chip) {
        return chip.equals(Bytes.zeros(chip.length()));
    }

    private static Outcome hidden() {
        return Rule.judge(false, "the report hides its chip, so no list of chips can be kept");
    }
}
