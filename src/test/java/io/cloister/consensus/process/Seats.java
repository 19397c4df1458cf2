package io.cloister.consensus.process;

import io.cloister.codec.Bytes;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.consensus.KeyClaim;
import io.cloister.consensus.Validator;
import io.cloister.consensus.ValidatorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who votes and which boots wait for a seat. Immutable. Those that wait together have at most a third of the weight. */
record Seats(ValidatorSet set, List<Pending> waiting) {
    /** A slot's validator from a height on. */
    record Pending(long from, Validator becomes) {
        void encode(Writer writer) {
            becomes.encode(writer.u64(from));
        }

        static Pending decode(Reader reader) {
            return new Pending(reader.u64(), Validator.decode(reader));
        }
    }

    Seats {
        waiting = List.copyOf(waiting);
    }

    boolean isWaiting(int slot) {
        return waiting.stream().anyMatch(it -> it.becomes().slot() == slot);
    }

    /** With the keys that an opening gives; what waits for an older boot waits no longer. */
    Seats opened(List<KeyClaim> claims) {
        ValidatorSet renewed = KeyClaim.replaced(set, claims).orElseThrow();
        return new Seats(
                renewed,
                waiting.stream()
                        .filter(it -> it.becomes().bootCounter()
                                > renewed.bySlot(it.becomes().slot())
                                        .orElseThrow()
                                        .bootCounter())
                        .toList());
    }

    /** What a wish in the block of a height would make of its slot two heights later; empty when it is not granted. */
    Optional<Pending> granted(ReKey wish, long height) {
        return set.bySlot(wish.slot())
                .filter(it -> wish.counter() > it.bootCounter() && !isWaiting(wish.slot()))
                .filter(it -> keys().noneMatch(wish.voteKey()::equals))
                .filter(it -> waiting.isEmpty() || 3 * (weightWaiting() + it.weight()) <= set.totalWeight())
                .filter(it -> wish.isGenuine(it.nodeId()))
                .map(it -> new Pending(
                        height + 2,
                        new Validator(it.slot(), it.nodeId(), wish.voteKey(), it.weight(), wish.counter())));
    }

    private Stream<Bytes> keys() {
        return Stream.concat(set.validators().stream(), waiting.stream().map(Pending::becomes))
                .map(Validator::voteKey);
    }

    private long weightWaiting() {
        return waiting.stream().mapToLong(it -> it.becomes().weight()).sum();
    }

    Seats with(Pending granted) {
        List<Pending> more = new ArrayList<>(waiting);
        more.add(granted);
        return new Seats(set, more);
    }

    /** At a height: what waits for it is seated. */
    Seats at(long height) {
        if (waiting.stream().noneMatch(it -> it.from() <= height)) {
            return this;
        }
        List<Validator> validators = new ArrayList<>(set.validators());
        waiting.stream()
                .filter(it -> it.from() <= height)
                .forEach(it ->
                        validators.replaceAll(old -> old.slot() == it.becomes().slot() ? it.becomes() : old));
        return new Seats(
                new ValidatorSet(validators),
                waiting.stream().filter(it -> it.from() > height).toList());
    }

    Bytes encode() {
        Writer writer = new Writer();
        set.encode(writer);
        return writer.list(waiting, (w, it) -> it.encode(w)).toBytes();
    }

    static Seats decode(Bytes encoded) {
        Reader reader = new Reader(encoded);
        return new Seats(ValidatorSet.decode(reader), reader.list(256, Pending::decode));
    }
}
