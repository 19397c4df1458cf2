package io.cloister.consensus.engine;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Limits;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The validators of the next height and the re-keys that wait for theirs. A re-key of height h counts from h + 2 on, if
 * its boot counter is above the registered one, its slot has none waiting, and the slots that wait have together at most
 * a third of the weight; one slot may always wait.
 */
record TestSeats(ValidatorSet validators, List<Pending> pending) {
    /** A re-key that waits for its height. */
    record Pending(long from, int slot, Bytes voteKey, long counter) {}

    TestSeats {
        pending = List.copyOf(pending);
    }

    static TestSeats of(ValidatorSet validators) {
        return new TestSeats(validators, List.of());
    }

    /** What a transaction in the block of a height makes of it; what does not hold is passed over. */
    TestSeats after(String transaction, long height) {
        String[] words = transaction.split(":");
        if (words[0].equals("rekey")) {
            return asked(
                    new Pending(height + 2, Integer.parseInt(words[1]), Bytes.hex(words[2]), Long.parseLong(words[3])));
        }
        return words[0].equals("weight") ? weighted(Integer.parseInt(words[1]), Long.parseLong(words[2])) : this;
    }

    private TestSeats asked(Pending wanted) {
        boolean fits = validators
                        .bySlot(wanted.slot())
                        .filter(it -> wanted.counter() > it.bootCounter())
                        .isPresent()
                && validators.byVoteKey(wanted.voteKey()).isEmpty()
                && pending.stream()
                        .noneMatch(
                                it -> it.slot() == wanted.slot() || it.voteKey().equals(wanted.voteKey()))
                && hasRoom(wanted.slot());
        if (!fits) {
            return this;
        }
        List<Pending> more = new ArrayList<>(pending);
        more.add(wanted);
        return new TestSeats(validators, more);
    }

    private boolean hasRoom(int slot) {
        long weight = weight(slot);
        for (Pending each : pending) {
            weight += weight(each.slot());
        }
        return pending.isEmpty() || 3 * weight <= validators.totalWeight();
    }

    private long weight(int slot) {
        return validators.bySlot(slot).map(Validator::weight).orElse(0L);
    }

    private TestSeats weighted(int slot, long weight) {
        return new TestSeats(
                new ValidatorSet(validators.validators().stream()
                        .map(it -> it.slot() == slot
                                ? new Validator(slot, it.nodeId(), it.voteKey(), weight, it.bootCounter())
                                : it)
                        .toList()),
                pending);
    }

    /** The keys that the statements of a recovery claim. */
    TestSeats opened(List<KeyClaim> claims) {
        ValidatorSet renewed = KeyClaim.replaced(validators, claims).orElseThrow();
        return new TestSeats(renewed, pending).withoutOld();
    }

    /** As it is for a height: with the re-keys that count from it on. */
    TestSeats advanced(long height) {
        List<Validator> renewed = new ArrayList<>();
        for (Validator old : validators.validators()) {
            renewed.add(pending.stream()
                    .filter(it -> it.slot() == old.slot() && it.from() <= height)
                    .findFirst()
                    .map(it -> new Validator(old.slot(), old.nodeId(), it.voteKey(), old.weight(), it.counter()))
                    .orElse(old));
        }
        return new TestSeats(new ValidatorSet(renewed), pending).withoutOld();
    }

    private TestSeats withoutOld() {
        return new TestSeats(
                validators,
                pending.stream()
                        .filter(it -> it.counter()
                                        > validators
                                                .bySlot(it.slot())
                                                .orElseThrow()
                                                .bootCounter()
                                && validators.byVoteKey(it.voteKey()).isEmpty())
                        .toList());
    }

    Bytes encode() {
        Writer writer = new Writer();
        validators.encode(writer);
        writer.list(
                pending,
                (w, it) -> w.u64(it.from()).u16(it.slot()).fixed(it.voteKey()).u64(it.counter()));
        return writer.toBytes();
    }

    static TestSeats decode(Bytes bytes) {
        Reader reader = new Reader(bytes);
        return new TestSeats(
                ValidatorSet.decode(reader),
                reader.list(Limits.VALIDATORS, r -> new Pending(r.u64(), r.u16(), r.fixed(Limits.KEY_BYTES), r.u64())));
    }
}
